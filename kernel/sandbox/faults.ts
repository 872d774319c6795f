// The faults of the sandbox: what was asked of it cannot be, or the machine broke a promise that the probe had tested.
// What a caller must handle (a job that fails, a machine that cannot confine) is returned, not thrown.

import { Fault } from '../basics/index.ts';

export const sandboxNotStarted = (backEnd: string, told: string): Fault =>
  new Fault('SANDBOX_NOT_STARTED', {
    what: `The ${backEnd} sandbox could not be set up, so nothing was run.`,
    why: told.trim() === '' ? 'It ended without saying why.' : `It said: ${told.trim()}`,
    next: 'Run tandem doctor: it tries every back end of this machine and says the line that mends it.',
    about: { kind: 'sandbox', backEnd },
  });

export const sandboxClosed = (backEnd: string): Fault =>
  new Fault('SANDBOX_CLOSED', {
    what: 'A job was given to a sandbox that is closed.',
    why: 'Its owner closed it, and its registry proxy has ended.',
    next: 'Open another sandbox.',
    about: { kind: 'sandbox', backEnd },
  });

export const projectUnusable = (project: string, cause: unknown): Fault =>
  new Fault('SANDBOX_PROJECT_UNUSABLE', {
    what: `${project} cannot be mounted as the project.`,
    why: cause instanceof Error ? cause.message : 'It is not a folder.',
    next: 'Give the absolute path of a folder that exists.',
    about: { kind: 'wrong-use' },
    cause,
  });

export const mountRefused = (at: string, why: string): Fault =>
  new Fault('SANDBOX_MOUNT_REFUSED', {
    what: `Nothing may be mounted at ${at} inside the sandbox.`,
    why,
    next: 'Choose a normalised absolute place of its own, such as /tandem/harness, or one in the project that passes no link.',
    about: { kind: 'wrong-use' },
  });

export const jobRefused = (why: string): Fault =>
  new Fault('SANDBOX_JOB_REFUSED', {
    what: 'The job was not run.',
    why,
    next: 'Correct the job and run it again.',
    about: { kind: 'wrong-use' },
  });

export const copyRefused = (to: string, cause?: unknown): Fault =>
  new Fault('SANDBOX_COPY_REFUSED', {
    what: `Nothing was copied to ${to}.`,
    why:
      cause instanceof Error
        ? cause.message
        : 'The folder is not empty, and a copy out of a sandbox overwrites nothing.',
    next: 'Copy into a folder that does not exist yet or is empty.',
    about: { kind: 'wrong-use' },
    cause,
  });

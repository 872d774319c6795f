// The faults of the configuration: each names the setting and the place it came from.

import { Fault } from 'kernel/basics';

const about = { kind: 'wrong-use' } as const;

export const settingWrong = (name: string, source: string, problem: string): Fault =>
  new Fault('SETTING_WRONG', {
    what: `The setting ${name} from ${source} was not accepted.`,
    why: `${problem.charAt(0).toUpperCase()}${problem.slice(1).replace(/\.?$/, '.')}`,
    next: 'Correct it there; tandem config shows every setting and where it comes from.',
    about,
  });

export const settingUnknown = (name: string, source: string, nearest: string | undefined): Fault =>
  new Fault('SETTING_UNKNOWN', {
    what: `${source} has a setting ${name}.`,
    why: 'Tandem knows no setting of that name.',
    next: nearest === undefined ? 'Remove it; .env.example lists all settings.' : `Did you mean ${nearest}?`,
    about,
  });

export const settingRefused = (name: string, source: string, reason: string): Fault =>
  new Fault('SETTING_REFUSED', {
    what: `The variable ${name} from ${source} is refused.`,
    why: reason,
    next: 'Remove it, and replace the credential where it was made: it may be known already.',
    about,
  });

export const fileUnreadable = (path: string, cause: unknown): Fault =>
  new Fault('SETTINGS_FILE_UNREADABLE', {
    what: `The file ${path} could not be read.`,
    why:
      cause instanceof SyntaxError
        ? 'It is not well-formed JSON.'
        : String(cause instanceof Error ? cause.message : cause),
    next: 'Correct the file, or move it away.',
    about,
    cause,
  });

export const homeUnusable = (path: string, cause: unknown): Fault =>
  new Fault('HOME_UNUSABLE', {
    what: `Nothing can be kept in ${path}.`,
    why: `${cause instanceof Error ? cause.message : String(cause)}.`,
    next: 'Set TANDEM_HOME to a folder that you may write to.',
    about: { kind: 'unavailable', service: 'home' },
    cause,
  });

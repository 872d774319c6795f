// The faults of the Modernizer: what, why, what next.

import { Fault } from 'kernel/basics';

export { runAmbiguous, runNotFound as runUnknown } from 'kernel/journal';

export const gitMissing = (): Fault =>
  new Fault('GIT_MISSING', {
    what: 'The project could not be copied.',
    why: 'There is no git on this machine.',
    next: 'Install git, for example with: sudo apt-get install git',
    about: { kind: 'unavailable', service: 'git' },
  });

export const gitFailed = (args: readonly string[], said: string): Fault =>
  new Fault('GIT_FAILED', {
    what: `git ${args[0] === '-c' ? (args[2] ?? '') : (args[0] ?? '')} failed.`,
    why: said.trim() === '' ? 'It gave no reason.' : `It said: ${said.trim().slice(0, 2000)}`,
    next: 'Look whether the project is a healthy git repository (git fsck), then start the run again.',
    about: { kind: 'agent', agent: 'deployer' },
  });

export const diskFull = (place: string, cause: unknown): Fault =>
  new Fault('DISK_FULL', {
    what: 'The run could not go on.',
    why: `The disk that holds ${place} is full.`,
    next: 'Free some space and resume the run; what was finished is kept. Your project was not touched.',
    about: { kind: 'unavailable', service: 'disk' },
    cause,
  });

export const registryDown = (url: string, reason: string): Fault =>
  new Fault('REGISTRY_UNAVAILABLE', {
    what: `The registry ${url} gave no answer that could be used.`,
    why: `${capital(reason)}.`,
    next: 'Check the network and the registry setting (npm config get registry), then resume the run.',
    about: { kind: 'unavailable', service: 'registry' },
  });

export const sandboxRefused = (reason: string, next: string): Fault =>
  new Fault('SANDBOX_MISSING', {
    what: 'The project’s code was not run.',
    why: reason,
    next,
    about: { kind: 'sandbox', backEnd: 'none' },
  });

export const evidenceMissing = (run: string, file: string): Fault =>
  new Fault('EVIDENCE_MISSING', {
    what: `There is no ${file} in the evidence.`,
    why: 'The trial ended before it was written, or it is no file of the evidence.',
    next: `See what there is in the console, or in the folder that this names: tandem run ${run}`,
    about: { kind: 'not-found' },
  });

export const zoneUnknown = (zone: string): Fault =>
  new Fault('TIME_ZONE_UNKNOWN', {
    what: 'The schedule was not kept.',
    why: `This machine knows no time zone called ${JSON.stringify(zone)}.`,
    next: 'Name one as the IANA does, such as Europe/Berlin or UTC.',
    about: { kind: 'wrong-use' },
  });

export const recurrenceWrong = (given: string): Fault =>
  new Fault('RECURRENCE_WRONG', {
    what: 'The schedule was not kept.',
    why: `${JSON.stringify(given)} is no day and no time that comes again.`,
    next: 'Say --every day, --every monday,thursday or --every month --day 1 (1 to 28), and --at 06:00.',
    about: { kind: 'wrong-use' },
  });

export const scheduleUnknown = (id: string): Fault =>
  new Fault('SCHEDULE_UNKNOWN', {
    what: `There is no schedule ${JSON.stringify(id)}.`,
    why: 'No schedule of yours begins so, or several do.',
    next: 'See them with: tandem schedule list',
    about: { kind: 'not-found' },
  });

export const schedulesTooMany = (max: number): Fault =>
  new Fault('SCHEDULES_TOO_MANY', {
    what: 'The schedule was not made.',
    why: `There are ${max} of them already, which is the most.`,
    next: 'Remove one that nobody needs any more.',
    about: { kind: 'limit', retryAfterMs: null },
  });

export const inputUnreadable = (file: string, why: string): Fault =>
  new Fault('AGENT_INPUT_UNREADABLE', {
    what: `${file} was not taken as the input of an agent.`,
    why: `${capital(why)}.`,
    next: 'Give the JSON that the agent before it printed, for example: tandem modernize . --only planner --json > plan.json',
    about: { kind: 'wrong-use' },
  });

export const runHeld = (id: string, holder: string): Fault =>
  new Fault('RUN_HELD', {
    what: `Run ${id} was not resumed.`,
    why: `It is being worked on already, by ${holder}.`,
    next: `Follow it with: tandem run ${id} --follow`,
    about: { kind: 'conflict' },
  });

export const runOver = (id: string, status: string): Fault =>
  new Fault('RUN_OVER', {
    what: `Run ${id} was not resumed.`,
    why: `It has ended: ${status}.`,
    next: `Read its result with: tandem run ${id}`,
    about: { kind: 'conflict' },
  });

export const decisionClosed = (id: string): Fault =>
  new Fault('DECISION_NOT_OPEN', {
    what: `The decision ${id} was not taken.`,
    why: 'It is not open: it was answered before, or the run never asked it.',
    next: 'Reload the run to see what it asks now.',
    about: { kind: 'conflict' },
  });

export const optionUnknown = (option: string, options: readonly string[]): Fault =>
  new Fault('OPTION_UNKNOWN', {
    what: `"${option}" is not one of the options.`,
    why: `The options are: ${options.join(', ')}.`,
    next: 'Choose one of them.',
    about: { kind: 'wrong-use' },
  });

export const reportMissing = (run: string): Fault =>
  new Fault('REPORT_NOT_THERE', {
    what: `Run ${run} has no report yet.`,
    why: 'The report is written when a run ends.',
    next: 'Wait for the end of the run, or resume it.',
    about: { kind: 'not-found' },
  });

export const notResumable = (run: string, status: string): Fault =>
  new Fault('RUN_NOT_INTERRUPTED', {
    what: `Run ${run} was not resumed.`,
    why: `It is ${status}.`,
    next: status === 'needs-person' ? 'Answer its open decision; it goes on by itself then.' : 'Follow it on its page.',
    about: { kind: 'conflict' },
  });

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

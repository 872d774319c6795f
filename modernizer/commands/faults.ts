// What can be wrong with the words of a command.

import { Fault } from 'kernel/basics';

export const runOrPath = (): Fault =>
  new Fault('PATH_OR_RUN', {
    what: 'Nothing was started.',
    why: 'Either a project (a folder, a zip archive, the address of a git repository) or --resume with a run has to be given, and not both.',
    next: 'For example: npx tandem modernize ./my-project',
    about: { kind: 'wrong-use' },
  });

export const optionsWrong = (option: string, message: string): Fault =>
  new Fault('OPTION_WRONG', {
    what: `The option ${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} is wrong.`,
    why: `${message}.`,
    next: 'See the options with: npx tandem modernize --help',
    about: { kind: 'wrong-use' },
  });

export const onlyWrong = (agent: string | null): Fault =>
  new Fault('ONLY_WRONG', {
    what: agent === null ? 'Nothing was started.' : `The agent ${JSON.stringify(agent)} was not run alone.`,
    why: 'The planner takes a path; validator, analyzer and deployer take --input with what the agent before them printed.',
    next: 'For example: tandem modernize . --only planner --json > plan.json, then: tandem modernize --only validator --input plan.json --json',
    about: { kind: 'wrong-use' },
  });

export const nothingToChange = (schedule: string): Fault =>
  new Fault('SCHEDULE_CHANGE_EMPTY', {
    what: `The schedule ${schedule} was not changed.`,
    why: 'Nothing that shall be otherwise was named.',
    next: `For example: tandem schedule change ${schedule} --every thursday --at 07:00`,
    about: { kind: 'wrong-use' },
  });

// The faults of keeping repositories of Atomic in the workbench.

import { Fault } from 'kernel/basics';

export const repositoryNotRegistered = (name: string): Fault =>
  new Fault('REPOSITORY_NOT_REGISTERED', {
    what: `No repository is registered as "${name.slice(0, 60)}".`,
    why: 'None of those that are registered here has that name or id.',
    next: 'See the list under Atomic in the console, or register it by its path.',
    about: { kind: 'not-found' },
  });

export const repositoryPathRelative = (path: string): Fault =>
  new Fault('REPOSITORY_PATH_RELATIVE', {
    what: `"${path.slice(0, 200)}" is not a whole path.`,
    why: 'The server does not know from which folder it would be counted.',
    next: 'Write it from the root on, such as /home/ada/shop; pwd prints that of the folder you are in.',
    about: { kind: 'wrong-use' },
  });

export const repositoryNameTaken = (name: string, path: string): Fault =>
  new Fault('REPOSITORY_NAME_TAKEN', {
    what: `Another repository is registered as ${name} already.`,
    why: `It lies in ${path}.`,
    next: 'Give this one another name, or forget the other one first.',
    about: { kind: 'conflict' },
  });

export const repositoriesTooMany = (max: number): Fault =>
  new Fault('REPOSITORIES_TOO_MANY', {
    what: `No more than ${max} repositories can be registered.`,
    why: 'Each of them is looked at when they are listed.',
    next: 'Forget one that you do not look at any more; its files stay as they are.',
    about: { kind: 'conflict' },
  });

export const repositoriesBusy = (): Fault =>
  new Fault('REPOSITORIES_BUSY', {
    what: 'This was not looked up.',
    why: 'Too many questions about repositories wait for their answer already.',
    next: 'Ask again in a few seconds.',
    about: { kind: 'limit', retryAfterMs: 2000 },
  });

export const repositorySlow = (path: string, limitText: string): Fault =>
  new Fault('REPOSITORY_SLOW', {
    what: `The answer about ${path} was given up.`,
    why: `It took more than ${limitText}; a question in front of it may have held it up.`,
    next: 'Ask again, or ask for less: fewer patches, one file. The atomic command has no such limit.',
    about: { kind: 'unavailable', service: 'atomic' },
  });

export const repositoriesEnded = (): Fault =>
  new Fault('REPOSITORIES_ENDED', {
    what: 'This was not looked up.',
    why: 'What reads repositories ended before it answered; it starts anew with the next question.',
    next: 'Ask again.',
    about: { kind: 'unavailable', service: 'atomic' },
  });

export const movementOfNothing = (): Fault =>
  new Fault('MOVEMENT_OF_NOTHING', {
    what: 'Nothing was moved.',
    why: 'The request names no patch, and no expression that chooses some.',
    next: 'Send patches, expr, or both.',
    about: { kind: 'wrong-use' },
  });

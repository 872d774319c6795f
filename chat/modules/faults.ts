// The faults of a chat's modules.

import { Fault } from 'kernel/basics';

export const modulesInCircle = (path: readonly string[]): Fault =>
  new Fault('CHAT_MODULES_CIRCULAR', {
    what: 'The modules of the chat cannot begin.',
    why: `Each of these waits for the next: ${path.join(' → ')}.`,
    next: 'Take one of these out of the requires or optional of the one before it.',
    about: { kind: 'wrong-use' },
  });

export const moduleTwice = (name: string): Fault =>
  new Fault('CHAT_MODULE_TWICE', {
    what: `The module ${name} was not added.`,
    why: 'There is one of that name already.',
    next: 'Give it another name, or leave one of them out.',
    about: { kind: 'wrong-use' },
  });

export const moduleSlow = (name: string, limitMs: number): Fault =>
  new Fault('CHAT_MODULE_SLOW', {
    what: `The module ${name} did not begin.`,
    why: `Its setup took longer than ${limitMs} ms.`,
    next: 'The chat goes on without it; look at what its setup waits for.',
    about: { kind: 'unavailable', service: name },
  });

export const moduleNeeds = (name: string, missing: readonly string[]): Fault =>
  new Fault('CHAT_MODULE_NEEDS', {
    what: `The module ${name} did not begin.`,
    why: `It requires what is not there: ${missing.join(', ')}.`,
    next: 'Add the missing modules, or make them optional.',
    about: { kind: 'unavailable', service: name },
  });

export const hookSlow = (name: string, hook: string, limitMs: number): Fault =>
  new Fault('CHAT_HOOK_SLOW', {
    what: `The module ${name} is not waited for.`,
    why: `Its ${hook} took longer than ${limitMs} ms.`,
    next: 'It goes on by itself; let it do less before it answers.',
    about: { kind: 'unavailable', service: name },
  });

export const chatNotBegun = (what: string): Fault =>
  new Fault('CHAT_NOT_BEGUN', {
    what: `${what} was not chosen.`,
    why: 'There is no conversation yet that it could belong to.',
    next: 'Begin one first, then choose again.',
    about: { kind: 'wrong-use' },
  });

import { spawnSync } from 'node:child_process';

import { expect, test } from 'vitest';

import { isProvablyDead, thisProcess } from './process-identity.ts';

const ended = spawnSync(process.execPath, ['--version']).pid;

test('this process is alive', () => expect(isProvablyDead(thisProcess())).toBe(false));

test('a process of this machine that ended is dead, with and without a known start time', () => {
  expect(isProvablyDead({ ...thisProcess(), pid: ended })).toBe(true);
  expect(isProvablyDead({ ...thisProcess(), pid: ended, started: '' })).toBe(true);
});

test('a number that another process has now is that of a dead one', () => {
  expect(isProvablyDead({ ...thisProcess(), started: '1' })).toBe(true);
  expect(isProvablyDead({ ...thisProcess(), started: '' })).toBe(false);
});

test('of a process on another machine nothing can be proven', () => {
  expect(isProvablyDead({ machine: 'elsewhere', pid: ended, started: '1' })).toBe(false);
});

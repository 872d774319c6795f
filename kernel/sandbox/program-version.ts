// The version of the program that confines, for the evidence.

import { spawnSync } from 'node:child_process';
import { unreachable } from '../basics/index.ts';
import { programPath, type Machine } from './machine.ts';
import type { BackEnd } from './sandbox.ts';

const known = new Map<string, string | null>();
const ANSWER_MS_MAX = 2000;

export function programVersion(backEnd: BackEnd, machine: Machine): string | null {
  switch (backEnd) {
    case 'bubblewrap':
      return versionTold(machine.bubblewrap);
    case 'namespaces':
      return versionTold(programPath('unshare'));
    case 'unsafe-host':
      return null;
    default:
      return unreachable(backEnd);
  }
}

function versionTold(program: string | null): string | null {
  if (program === null) return null;
  const told = known.get(program);
  if (told !== undefined) return told;
  const answer = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: ANSWER_MS_MAX }).stdout ?? '';
  const version = /\d+(?:\.\d+)+/.exec(answer)?.[0] ?? null;
  known.set(program, version);
  return version;
}

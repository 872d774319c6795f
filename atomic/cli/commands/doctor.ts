// atomic doctor: looks at everything a repository holds, says what is wrong, and mends what follows from the patches.

import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Command } from 'commander';

import { derivePatch } from '../../repository/derive.ts';
import type { Repository } from '../../repository/repository.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import {
  examineLeftovers,
  examineNames,
  examineOracle,
  examinePermissions,
  examineStore,
  leftoversIn,
  type Examined,
} from '../examine.ts';
import { counted } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly oracle?: boolean;
  readonly mend?: boolean;
}

export function registerDoctor(program: Command, context: CommandContext): void {
  addCommand(program, 'doctor', {
    summary: 'Check the repository, and mend what can be mended.',
    description:
      'With --oracle, the slow reference is asked about every file and compared with the engine that works every day.',
    examples: ['atomic doctor', 'atomic doctor --oracle --json'],
  })
    .option('--oracle', 'compare the engine with the reference over every file')
    .option('--mend', 'make anew what follows from the patches, and remove what crashed processes left')
    .action((options: Options, command: Command) => context.run(command, (shell) => doctor(shell, options)));
}

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;
const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;

function doctor(shell: Shell, { oracle, mend }: Options): ExitCode {
  const repository = shell.repository(mend === true ? 'write' : 'read');
  const mended = mend === true ? mendAll(shell, repository) : null;
  const view = repository.view();
  const progress = shell.terminal.progress();
  const update = (text: string, done: number, total: number): void => progress.update({ text, done, total });
  progress.update({ text: 'Checking every patch' });
  const findings: readonly Examined[] = [
    ...examineStore(repository),
    ...examineNames(view),
    ...examinePermissions(repository, shell.env),
    ...examineLeftovers(repository, view),
    ...(oracle === true ? examineOracle(repository, update) : []),
  ];
  progress.end();
  const healthy = findings.every(({ state }) => state !== 'fail');
  shell.terminal.document({ healthy, ...(mended === null ? {} : { mended }), checks: findings });
  for (const { state, name, what, next } of findings) {
    shell.terminal.say(`${shell.paint(COLOURS[state], MARKS[state])}  ${name.padEnd(7)}  ${printable(what)}`);
    if (next !== null) shell.terminal.say(`               ${next}`);
  }
  return healthy ? EXIT.done : EXIT.negative;
}

interface Mended {
  readonly patches: number;
  readonly removed: readonly string[];
}

function mendAll(shell: Shell, repository: Repository): Mended {
  const { store, root } = repository;
  const { removed } = store.sweep();
  const needsMending = store.verify(derivePatch).some(({ cure }) => cure === 'mend');
  const patches = needsMending ? store.mend(derivePatch).patches : 0;
  if (needsMending) store.cache.clear();
  const left = leftoversIn(root, repository.view());
  for (const path of left) rmSync(join(root, path), { force: true });
  const all = [...removed, ...left];
  shell.terminal.say(
    `Mended: what follows from ${counted(patches, 'patch', 'patches')} was made anew, ${counted(all.length, 'leftover file')} removed.`,
  );
  return { patches, removed: all };
}

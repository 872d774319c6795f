// atomic audit: what was done here, by whom; and the proof that nothing of it, nor of the patches, was changed afterwards.

import type { Command } from 'commander';

import { toIso } from 'kernel/basics';

import { hashFromBytes } from '../../patches/hash.ts';
import type { AuditLine } from '../../store/audit-face.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { usedWrongly } from '../faults.ts';
import { wholeNumber } from '../option-values.ts';
import { shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly limit?: string;
}

export function registerAudit(program: Command, context: CommandContext): void {
  addCommand(program, 'audit [verify]', {
    summary: 'List what was done here, and verify the whole history.',
    description:
      'Each line holds the hash of the one before it. atomic audit verify follows that chain, and checks of every patch ' +
      'its bytes, its signatures, its attribution against what it committed to, and the weights derived from it.',
    examples: ['atomic audit --limit 20', 'atomic audit verify --json'],
  })
    .option('-n, --limit <count>', 'how many lines at most, the latest')
    .action((word: string | undefined, options: Options, command: Command) =>
      context.run(command, async (shell) => {
        if (word === undefined) return list(shell, options);
        if (word !== 'verify') throw usedWrongly(`atomic audit knows only verify, not ${word}.`);
        return (await import('../verify-history.ts')).verifyHistory(shell);
      }),
    );
}

/** A look at the last commands; the whole log is a matter of --limit. */
const LIMIT = 100;

async function list(shell: Shell, { limit }: Options): Promise<ExitCode> {
  const { store } = shell.repository('read');
  const lines = store.audit.lines({ limit: limit === undefined ? LIMIT : wholeNumber('--limit', limit) });
  shell.terminal.document({
    lines: lines.map(({ n, at, op, args, actor, channel, rootBefore, rootAfter, hash }) => ({
      n,
      timestamp: toIso(at),
      op,
      args,
      actor,
      channel,
      rootBefore: hashFromBytes(rootBefore),
      rootAfter: hashFromBytes(rootAfter),
      hash: Buffer.from(hash).toString('hex'),
    })),
  });
  if (!shell.terminal.json) await shell.page(lines.map((line) => lineText(line, shell)));
  return EXIT.done;
}

function lineText({ n, at, op, actor, channel, rootBefore, rootAfter }: AuditLine, { paint }: Shell): string {
  const [before, after] = [shortHash(hashFromBytes(rootBefore)), shortHash(hashFromBytes(rootAfter))];
  const roots = before === after ? '' : `  ${channel} ${before} → ${after}`;
  return `${paint('yellow', String(n).padStart(5))}  ${toIso(at).slice(0, 19).replace('T', ' ')}  ${op.padEnd(15)} ${printable(actor)}${paint('dim', printable(roots))}`;
}

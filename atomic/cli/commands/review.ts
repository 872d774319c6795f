// atomic review: what a person says of a patch, signed with their key. It stands beside the patch and travels with it.

import type { Command } from 'commander';

import { toIso } from 'kernel/basics';

import { signReview, type Verdict } from '../../attribution/reviews.ts';
import { reviewsOf, reviewStateOf } from '../../repository/review-states.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { optionsContradict, optionWrong } from '../faults.ts';
import { requiredSigningKey, trustedKeys } from '../keys.ts';
import { wholeNumber } from '../option-values.ts';
import { patchLine } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly accept?: boolean;
  readonly edit?: boolean;
  readonly reject?: boolean;
  readonly seconds?: string;
  readonly lines?: string;
}

export function registerReview(program: Command, context: CommandContext): void {
  addCommand(program, 'review <patch>', {
    summary: 'Say, signed, that you looked at a patch; or show who did.',
    description: 'Without a verdict: the reviews it has. The latest of each reviewer counts.',
    examples: ['atomic review 7x3k --accept --seconds 90', 'atomic review 7x3k --json'],
  })
    .option('--accept', 'good as it is')
    .option('--edit', 'good with the changes you made after it')
    .option('--reject', 'not to be kept')
    .option('--seconds <number>', 'how long you looked at it')
    .option('--lines <count>', 'how many lines you were shown')
    .action((patch: string, options: Options, command: Command) =>
      context.run(command, (shell) => review(shell, patch, options)),
    );
}

function review(shell: Shell, typed: string, options: Options): ExitCode {
  const verdict = verdictOf(options);
  const repository = shell.repository(verdict === null ? 'read' : 'write');
  const { store } = repository;
  const patch = repository.find(typed);
  const hash = store.patches.hashOf(patch);
  if (verdict === null) return show(shell, typed);
  const pair = requiredSigningKey(shell);
  const signed = signReview(pair, {
    patch: hash,
    verdict,
    ms: options.seconds === undefined ? 0 : milliseconds(options.seconds),
    linesShown: options.lines === undefined ? null : wholeNumber('--lines', options.lines, 0),
    at: shell.clock.now(),
  });
  const { ms: durationMs, linesShown, at, signature } = signed;
  store.write({ op: 'review', args: { patch: hash, verdict }, actor: shell.actor() }, (transaction) =>
    transaction.putReview({ patch, reviewer: pair.key.bytes, verdict, durationMs, linesShown, at, signature }),
  );
  shell.terminal.document({ patch: hash, verdict, reviewer: pair.key.id, state: reviewStateOf(store, patch) });
  shell.terminal.say(`${VERDICTS[verdict]}: ${patchLine(store, patch, shell.paint)}`);
  return EXIT.done;
}

const VERDICTS: Readonly<Record<Verdict, string>> = { accept: 'Accepted', edit: 'Edited', reject: 'Rejected' };

function verdictOf({ accept, edit, reject }: Options): Verdict | null {
  const said = [
    ['accept', accept],
    ['edit', edit],
    ['reject', reject],
  ] as const;
  const [first, second] = said.filter(([, isSaid]) => isSaid === true).map(([verdict]) => verdict);
  if (first !== undefined && second !== undefined) {
    throw optionsContradict(`--${first}`, `--${second}`, 'A review has one verdict.');
  }
  return first ?? null;
}

/** A month: whoever looked longer did not look all the time. */
const SECONDS_MAX = 30 * 24 * 3600;

function milliseconds(text: string): number {
  const seconds = Number(text);
  if (!/^\d+(?:\.\d+)?$/.test(text) || seconds > SECONDS_MAX) {
    throw optionWrong('--seconds', text, `a number from 0 to ${SECONDS_MAX}`);
  }
  return Math.round(seconds * 1000);
}

function show(shell: Shell, typed: string): ExitCode {
  const repository = shell.repository('read');
  const { store } = repository;
  const patch = repository.find(typed);
  const names = new Map(trustedKeys(shell.env).map(({ key, name }) => [key.id, name]));
  const reviews = reviewsOf(store, patch).map(({ key, review, isValid }) => ({
    reviewer: key.id,
    name: names.get(key.id) ?? null,
    verdict: review.verdict,
    seconds: review.ms / 1000,
    linesShown: review.linesShown,
    timestamp: toIso(review.at),
    valid: isValid,
  }));
  const state = reviewStateOf(store, patch);
  shell.terminal.document({ patch: store.patches.hashOf(patch), state, reviews });
  shell.terminal.say(`${patchLine(store, patch, shell.paint)}: ${state}`);
  for (const { reviewer, name, verdict, seconds, timestamp, valid } of reviews) {
    const who = printable(name === null || name === '' ? reviewer : name);
    const how = seconds > 0 ? `, ${seconds} s` : '';
    shell.terminal.say(`  ${timestamp.slice(0, 10)}  ${who}: ${verdict}${how}${valid ? '' : ' (SIGNATURE WRONG)'}`);
  }
  return EXIT.done;
}

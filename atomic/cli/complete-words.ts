// What may come next on a command line that is being typed: commands, options, channels, tags and patches.
// Rule: it never fails and never waits: where nothing is known, nothing is offered, and the shell offers files.

import { Command } from 'commander';

import type { CommandContext } from './command.ts';
import { KNOWN_SETTINGS } from './configuration/known-settings.ts';
import type { Shell } from './shell.ts';

/** Patches offered: the latest. */
const PATCHES_MAX = 50;

export async function completeWords(
  shell: Shell,
  context: CommandContext,
  words: readonly string[],
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const [name, ...rest] = before.filter((word) => !word.startsWith('-'));
  if (name === undefined)
    return startingWith(
      typed,
      typed.startsWith('-') ? ['--help', '--version', '-C'] : context.commands.map((each) => each.name),
    );
  const command = await commandCalled(context, name, rest);
  if (command === undefined) return [];
  if (typed.startsWith('-'))
    return startingWith(
      typed,
      command.options.flatMap(({ long, short }) => long ?? short ?? []),
    );
  if (command.commands.length > 0)
    return startingWith(
      typed,
      command.commands.map((each) => each.name()),
    );
  return startingWith(typed, argumentsOf(shell, name, { previous: before.at(-1) ?? '', rest }));
}

const startingWith = (typed: string, all: readonly string[]): readonly string[] =>
  all.filter((word) => word.startsWith(typed));

/** The command, or the one inside of it that the next word names. */
async function commandCalled(
  context: CommandContext,
  name: string,
  rest: readonly string[],
): Promise<Command | undefined> {
  const entry = context.commands.find((each) => each.name === name);
  if (entry === undefined) return undefined;
  const program = new Command('atomic');
  (await entry.load())(program, context);
  const command = program.commands.find((each) => each.name() === name);
  return command?.commands.find((each) => each.name() === rest[0]) ?? command;
}

const TAKES_PATCHES = new Set(['apply', 'unrecord', 'rollback', 'diff', 'review']);
const TAKES_CHANNELS = new Set(['switch', 'rename', 'delete', 'fork']);

function argumentsOf(
  shell: Shell,
  name: string,
  { previous, rest }: { readonly previous: string; readonly rest: readonly string[] },
): readonly string[] {
  if (name === 'config') return KNOWN_SETTINGS.map(({ key }) => key);
  const isChannel = previous === '--channel' || (name === 'channel' && TAKES_CHANNELS.has(rest[0] ?? ''));
  const isTag = previous === '--at' || name === 'tag';
  if (!isChannel && !isTag && !TAKES_PATCHES.has(name)) return [];
  try {
    const { store } = shell.repository('read');
    if (isChannel) return store.channels.list().map((channel) => channel.name);
    if (isTag) return store.names.tags().map((tag) => tag.name);
    const found: string[] = [];
    for (const patch of store.channels.log(store.channels.current())) {
      if (found.length === PATCHES_MAX) break;
      found.push(store.patches.hashOf(patch).slice(0, 8));
    }
    return found;
  } catch {
    // Outside of a repository there are none to offer.
    return [];
  }
}

// atomic tag: a name for the set of patches that a channel has now, signed where a key is there.

import type { Command } from 'commander';

import { toIso } from 'kernel/basics';

import { hashFromBytes } from '../../patches/hash.ts';
import { signTag, tagVerdict } from '../../repository/tags.ts';
import type { Tag } from '../../store/store.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { pointUnknown, tagExists, usedWrongly } from '../faults.ts';
import { requiredSigningKey, signingKey, trustedKeys } from '../keys.ts';
import { counted, shortHash } from '../patch-text.ts';
import { printable } from '../printable.ts';
import { requiredChannel } from '../required-channel.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly channel?: string;
  readonly message?: string;
  readonly sign?: boolean;
}

export function registerTag(program: Command, context: CommandContext): void {
  addCommand(program, 'tag [words...]', {
    summary: 'Name the state of a channel; list and delete such names.',
    description:
      'atomic tag NAME names the set of patches that the channel has now (atomic tag new NAME where the name is a word ' +
      'of this command), atomic tag list shows all of them with their signatures, atomic tag delete NAME forgets one.',
    examples: ['atomic tag v1.2 -m "The summer release"', 'atomic tag list --json'],
  })
    .option('-m, --message <text>', 'what it marks')
    .option('--channel <name>', 'another channel than the current one')
    .option('--sign', 'sign it, and fail where there is no key')
    .option('--no-sign', 'do not sign it')
    .action((words: readonly string[], options: Options, command: Command) =>
      context.run(command, (shell) => tag(shell, words, options)),
    );
}

function tag(shell: Shell, words: readonly string[], options: Options): ExitCode {
  const [first, second, ...rest] = words;
  if (first === undefined || first === 'list') {
    if (second !== undefined) throw usedWrongly(`atomic tag list takes no name, and ${second} was given.`);
    return list(shell);
  }
  const isNamed = first === 'new' || first === 'delete';
  const name = isNamed ? second : first;
  const more = isNamed ? rest[0] : second;
  if (name === undefined) throw usedWrongly(`atomic tag ${first} needs a name.`);
  if (more !== undefined) throw usedWrongly(`A tag has one name, and ${more} was given beside ${name}.`);
  return first === 'delete' ? deleteTag(shell, name) : makeTag(shell, name, options);
}

function makeTag(shell: Shell, name: string, { channel, message = '', sign }: Options): ExitCode {
  const repository = shell.repository('write');
  const { store } = repository;
  const { set, root, name: from } = requiredChannel(store, channel);
  if (store.names.tag(name) !== undefined) throw tagExists(name);
  const pair = sign === false ? null : sign === true ? requiredSigningKey(shell) : signingKey(shell);
  const unsigned = { name, set, root, at: shell.clock.now(), message };
  const tag: Tag = { ...unsigned, signature: pair === null ? null : signTag(pair, unsigned) };
  store.write({ op: 'tag', args: { name, channel: from, root: hashFromBytes(root) }, actor: shell.actor() }, (tx) =>
    tx.putTag(tag),
  );
  shell.terminal.document({ tag: name, channel: from, root: hashFromBytes(root), signed: pair !== null });
  const signed = pair === null ? '' : ', signed';
  shell.terminal.say(
    `Tag ${printable(name)} is channel ${from} with ${counted(set.size, 'patch', 'patches')}${signed}.`,
  );
  return EXIT.done;
}

function list(shell: Shell): ExitCode {
  const { store } = shell.repository('read');
  const keys = trustedKeys(shell.env);
  const tags = store.names.tags().map((tag) => ({ tag, verdict: tagVerdict(tag, keys) }));
  shell.terminal.document({
    tags: tags.map(({ tag: { name, root, set, at, message }, verdict }) => ({
      name,
      root: hashFromBytes(root),
      patches: set.size,
      timestamp: toIso(at),
      message,
      signature: verdict.kind,
      signer: verdict.kind === 'valid' ? verdict.by : null,
    })),
  });
  if (tags.length === 0) shell.terminal.say('There is no tag.');
  else {
    shell.terminal.table(
      tags.map(({ tag: { name, root, set, message }, verdict }) => [
        printable(name),
        shortHash(hashFromBytes(root)),
        counted(set.size, 'patch', 'patches'),
        VERDICTS[verdict.kind],
        printable(message),
      ]),
    );
  }
  return tags.some(({ verdict }) => verdict.kind === 'invalid') ? EXIT.negative : EXIT.done;
}

const VERDICTS = {
  none: 'not signed',
  valid: 'signed',
  invalid: 'SIGNATURE WRONG',
  'unknown-key': 'signed by an unknown key',
} as const;

function deleteTag(shell: Shell, name: string): ExitCode {
  const { store } = shell.repository('write');
  const tag = store.names.tag(name);
  if (tag === undefined) throw pointUnknown(name);
  const args = { name, root: hashFromBytes(tag.root) };
  store.write({ op: 'tag delete', args, actor: shell.actor() }, (transaction) => transaction.deleteTag(name));
  shell.terminal.document({ deleted: name, root: args.root });
  shell.terminal.say(`Tag ${printable(name)} is deleted. It was ${shortHash(args.root)}.`);
  return EXIT.done;
}

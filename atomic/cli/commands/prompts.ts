// atomic prompts: what is kept of the prompts that patches come from, and forgetting it.
// Rule: a prompt's text is shown only to whoever asks for that one; forgetting leaves its hash, which says nothing of it.

import { randomBytes } from 'node:crypto';

import type { Command } from 'commander';

import { PRIVACY_LEVELS, type PrivacyLevel, type PromptHash } from '../../attribution/attribution.ts';
import { keyedName, keyedNameBytes } from '../../attribution/keyed-name.ts';
import { lowerPrompt, openPrompt, type KeptPrompt } from '../../attribution/prompts.ts';
import { promptKey } from '../../repository/prompt-key.ts';
import type { Repository } from '../../repository/repository.ts';
import type { Prompt } from '../../store/store.ts';
import { addCommand, addGroup, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { promptUnknown, promptsUnnamed } from '../faults.ts';
import { oneOf } from '../option-values.ts';
import { counted } from '../patch-text.ts';
import { printable } from '../printable.ts';
import type { Shell } from '../shell.ts';

export function registerPrompts(program: Command, context: CommandContext): void {
  const group = addGroup(program, 'prompts', 'List, show and forget the prompts that patches come from.');
  addCommand(group, 'list', {
    summary: 'List the prompts: level, size, and how many patches name each.',
    examples: ['atomic prompts list', 'atomic prompts list --json'],
  }).action((_options: object, command: Command) => context.run(command, list));
  addCommand(group, 'show <prompt>', {
    summary: 'Print the text of one prompt, as far as it is kept.',
    examples: ['atomic prompts show q3vb', 'atomic prompts show q3vb --json'],
  }).action((prompt: string, _options: object, command: Command) =>
    context.run(command, (shell) => show(shell, prompt)),
  );
  addCommand(group, 'forget [prompt...]', {
    summary: 'Forget the text of prompts, or keep less of it.',
    description: 'Patches go on naming them by their hash. Levels only go down: full, redacted, encrypted, hash.',
    examples: ['atomic prompts forget q3vb', 'atomic prompts forget --all --to redacted'],
  })
    .option('--all', 'every prompt')
    .option('--to <level>', `what is left: ${PRIVACY_LEVELS.join(', ')}`, 'hash')
    .action((prompts: readonly string[], options: { all?: boolean; to: string }, command: Command) =>
      context.run(command, (shell) => forget(shell, prompts, options)),
    );
}

const nameOf = ({ hash }: Prompt): PromptHash => keyedName<PromptHash>(hash);

function list(shell: Shell): ExitCode {
  const { store } = shell.repository('read');
  const prompts = store.attributions.prompts();
  shell.terminal.document({
    prompts: prompts.map((prompt) => ({
      prompt: nameOf(prompt),
      level: prompt.level,
      bytes: prompt.body?.length ?? 0,
      patches: prompt.references,
    })),
  });
  if (prompts.length === 0) shell.terminal.say('No prompt is kept.');
  else {
    shell.terminal.table([
      ['prompt', 'level', 'bytes', 'patches'],
      ...prompts.map((each) => [nameOf(each), each.level, String(each.body?.length ?? 0), String(each.references)]),
    ]);
  }
  return EXIT.done;
}

function find(repository: Repository, typed: string): Prompt {
  const found = repository.store.attributions
    .prompts()
    .filter((prompt) => nameOf(prompt).startsWith(typed.toLowerCase()));
  const [only] = found;
  if (only === undefined || found.length > 1) throw promptUnknown(typed, found.length);
  return only;
}

function kept({ hash, level, body }: Prompt): KeptPrompt {
  const name = keyedName<PromptHash>(hash);
  return level === 'hash' || body === null ? { hash: name, level: 'hash', body: null } : { hash: name, level, body };
}

function show(shell: Shell, typed: string): ExitCode {
  const repository = shell.repository('read');
  const prompt = find(repository, typed);
  const needsKey = prompt.level === 'encrypted';
  const opened = needsKey || prompt.body !== null ? openPrompt(promptKey(repository, randomBytes), kept(prompt)) : null;
  const text = opened?.kind === 'text' ? opened.text : null;
  shell.terminal.document({ prompt: nameOf(prompt), level: prompt.level, patches: prompt.references, text });
  if (text !== null) shell.terminal.say(printable(text));
  else if (opened?.kind === 'closed') shell.terminal.say('It is encrypted under a key that is not here.');
  else shell.terminal.say('Only its hash is kept.');
  return text === null ? EXIT.negative : EXIT.done;
}

function forget(
  shell: Shell,
  typed: readonly string[],
  { all, to }: { readonly all?: boolean; readonly to: string },
): ExitCode {
  const level: PrivacyLevel = oneOf('--to', to, PRIVACY_LEVELS);
  if (typed.length === 0 && all !== true) throw promptsUnnamed();
  const repository = shell.repository('write');
  const { store } = repository;
  const prompts = all === true ? store.attributions.prompts() : typed.map((text) => find(repository, text));
  const key = promptKey(repository, randomBytes);
  const lowered = prompts.map((prompt) => lowerPrompt(key, kept(prompt), level, randomBytes));
  const changed = lowered.filter((prompt, index) => prompt.level !== prompts[index]?.level);
  const entry = {
    op: 'prompts forget',
    args: { prompts: changed.map(({ hash }) => hash), to: level },
    actor: shell.actor(),
  };
  if (changed.length > 0) {
    store.write(entry, (transaction) => {
      for (const { hash, level: left, body } of changed)
        transaction.putPrompt({ hash: keyedNameBytes(hash), level: left, body });
    });
  }
  shell.terminal.document({ forgotten: changed.map(({ hash, level: left }) => ({ prompt: hash, level: left })) });
  shell.terminal.say(`${counted(changed.length, 'prompt')} kept as ${level} at most from now on.`);
  return EXIT.done;
}

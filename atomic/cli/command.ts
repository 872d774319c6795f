// How a command is declared: what all of them have in common, and how an action becomes an exit code.
// Rule: one place turns whatever went wrong into words, a document where --json was asked for, and an exit code.

import type { Command } from 'commander';

import { EXIT, type ExitCode } from 'kernel/terminal';

import { createShell, type GlobalOptions, type Shell, type ShellInput } from './shell.ts';

type Action = (shell: Shell) => ExitCode | Promise<ExitCode>;

type Register = (program: Command, context: CommandContext) => void;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  load(): Promise<Register>;
}

export interface CommandContext {
  readonly input: ShellInput;
  /** Every command there is. */
  readonly commands: readonly CommandEntry[];
  /** Runs an action with a shell of its own, and keeps its exit code. */
  run(command: Command, action: Action): Promise<void>;
  /** Runs another command line in this process: for a command that serves them. */
  again(argv: readonly string[], input: ShellInput): Promise<ExitCode>;
}

export interface CommandText {
  readonly summary: string;
  /** What --help says beyond the summary. */
  readonly description?: string;
  /** Two, as a person would type them. */
  readonly examples: readonly [string, string];
}

/** A command with what all have: --json, -C, and its examples. `usage`: `record [path...]`. */
export function addCommand(parent: Command, usage: string, { summary, description, examples }: CommandText): Command {
  const made = parent
    .command(usage)
    .summary(summary)
    .description(description === undefined ? summary : `${summary}\n\n${description}`)
    .option('--json', 'one JSON document on standard output')
    .option('-C <dir>', 'run as if in this folder');
  return made.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
}

/** A command that only holds others, such as `atomic channel`. */
export function addGroup(parent: Command, name: string, summary: string): Command {
  return parent
    .command(name)
    .summary(summary)
    .description(summary)
    .option('-C <dir>', 'run as if in this folder')
    .showSuggestionAfterError(true);
}

export function contextOf(
  input: ShellInput,
  { commands, again }: Pick<CommandContext, 'commands' | 'again'>,
  ended: (code: ExitCode) => void,
): CommandContext {
  return {
    input,
    commands,
    again,
    async run(command, action) {
      const shell = createShell(input, command.optsWithGlobals<GlobalOptions>(), nameOf(command));
      try {
        ended(await action(shell));
      } finally {
        shell.close();
      }
    },
  };
}

/** `atomic channel new`: what this process is called where another waits for it. */
const nameOf = (command: Command): string =>
  command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;

export { EXIT, type ExitCode };

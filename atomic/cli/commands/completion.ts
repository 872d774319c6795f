// atomic completion: a script that makes the shell complete commands, options, channels, patches and files.
// Rule: the script asks `atomic completion --words` with what was typed so far, so that there is one place that knows.

import type { Command } from 'commander';

import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { completionScript, SHELLS } from '../completion-script.ts';
import { completeWords } from '../complete-words.ts';
import { usedWrongly } from '../faults.ts';
import { oneOf } from '../option-values.ts';
import type { Shell } from '../shell.ts';

export function registerCompletion(program: Command, context: CommandContext): void {
  addCommand(program, 'completion [shell] [words...]', {
    summary: 'Print a completion script for bash, zsh or fish.',
    examples: ['source <(atomic completion bash)', 'atomic completion fish > ~/.config/fish/completions/atomic.fish'],
  })
    // Everything behind `--` is a word of the line that is being typed.
    .option('--words', 'what may come next on a line, whose words stand behind -- (for the scripts)')
    .action((name: string | undefined, rest: readonly string[], options: { words?: boolean }, command: Command) =>
      context.run(command, (shell) =>
        completion(
          shell,
          context,
          name,
          options.words === true ? [...(name === undefined ? [] : [name]), ...rest] : undefined,
        ),
      ),
    );
}

async function completion(
  shell: Shell,
  context: CommandContext,
  name: string | undefined,
  words: readonly string[] | undefined,
): Promise<ExitCode> {
  if (words !== undefined) {
    const found = await completeWords(shell, context, words);
    shell.terminal.document({ words: found });
    if (found.length > 0) shell.terminal.say(found.join('\n'));
    return EXIT.done;
  }
  if (name === undefined) throw usedWrongly(`It needs the name of a shell: ${SHELLS.join(', ')}.`);
  const script = completionScript(oneOf('SHELL', name, SHELLS));
  shell.terminal.document({ shell: name, script });
  shell.terminal.say(script.trimEnd());
  return EXIT.done;
}

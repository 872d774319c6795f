// The atomic command. Of each command line only the one command that is asked for is loaded.
// Rule: nothing heavy is imported up here; the whole of a cold start is some 25 ms beyond that of Node itself.

import { Command, CommanderError } from 'commander';

import { Fault } from 'kernel/basics';
import { EXIT, type ExitCode } from 'kernel/terminal';

import { contextOf, type CommandContext, type CommandEntry } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { commandFailed, usedWrongly } from './faults.ts';
import { terminalOf, type ShellInput } from './shell.ts';
import { VERSION } from './version.ts';

/** Runs one command line (without node and script) and gives its exit code. */
export async function main(argv: readonly string[], input: ShellInput): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const context = contextOf(input, { commands: COMMANDS, again: main }, (ended) => (code = ended));
  try {
    await (await program(argv, context)).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    return exitOf(thrown, argv, input);
  }
}

function exitOf(thrown: unknown, argv: readonly string[], input: ShellInput): ExitCode {
  const isJson = argv.includes('--json');
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return EXIT.done;
    // Commander has said it on standard error already.
    const quiet: ShellInput = { ...input, stderr: { write: () => true } };
    if (isJson) terminalOf(quiet, true).fault(usedWrongly(thrown.message.replace(/^error: /, '')));
    return EXIT.wrongUse;
  }
  return terminalOf(input, isJson).fault(thrown instanceof Fault ? thrown : commandFailed(thrown));
}

async function program(argv: readonly string[], context: CommandContext): Promise<Command> {
  const { stdout = process.stdout, stderr = process.stderr } = context.input;
  const atomic = new Command('atomic')
    .description('Version control by patches that commute, with credit for every byte.')
    .version(VERSION, '--version', 'print the version')
    .option('-C <dir>', 'run as if in this folder')
    .exitOverride()
    .showHelpAfterError('(--help shows how)')
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) })
    .addHelpText(
      'after',
      '\nExamples:\n  $ atomic init && atomic add . && atomic record -m "Begin"\n  $ atomic help record',
    );
  const [name, second] = wordsOf(argv);
  const wanted = COMMANDS.find((entry) => entry.name === (name === 'help' ? second : name));
  // Whoever names a command needs no list of the others.
  const isNamed = wanted !== undefined && name !== 'help';
  for (const entry of isNamed ? [wanted] : COMMANDS) {
    if (entry === wanted) (await entry.load())(atomic, context);
    else stub(atomic, entry);
  }
  return atomic;
}

/** The words of a command line that are neither options nor the folder of -C. */
function wordsOf(argv: readonly string[]): readonly string[] {
  return argv.filter((word, at) => !word.startsWith('-') && argv[at - 1] !== '-C');
}

/** Its name and summary, for --help and for “did you mean”. */
const stub = (atomic: Command, { name, summary }: CommandEntry): Command =>
  atomic.command(name).summary(summary).description(summary).helpOption(false);

/** Runs the command line of this process. */
export async function start(): Promise<void> {
  // Whoever closes the pipe early (`atomic log | head`) has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done);
    throw error;
  });
  process.exitCode = await main(process.argv.slice(2), { cwd: process.cwd(), env: process.env });
}

if (import.meta.main) void start();

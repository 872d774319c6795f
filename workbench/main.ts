// The tandem command. Each command is loaded only when it is used, so that --help and the short ones are quick.
// Rule: one place turns whatever went wrong into words, a document where --json was asked for, and an exit code.

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

import { Command, CommanderError, Option } from 'commander';

import { toFault } from 'kernel/basics';
import { EXIT, type ExitCode } from 'kernel/terminal';

import { createShell, terminalOf, type Action, type GlobalOptions, type ShellInput } from './commands/shell.ts';
import type { ScheduleChangeFlags, ScheduleFlags } from './commands/schedule.ts';
import { CHECKOUT, tandemVersion } from './machine.ts';

type Run = (command: Command, action: Action) => Promise<void>;

/** Runs one command line (without node and script) and gives its exit code. */
export async function main(argv: readonly string[], input: ShellInput, ending: AbortSignal): Promise<ExitCode> {
  let code: ExitCode = EXIT.done;
  const run: Run = async (command, action) => {
    code = await action(createShell(input, command.optsWithGlobals<GlobalOptions>(), ending));
  };
  try {
    await program(run, input).parseAsync([...argv], { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
    return terminalOf(input, argv.includes('--json')).fault(toFault(thrown, 'The command'));
  }
}

function program(run: Run, { stdout = process.stdout, stderr = process.stderr }: ShellInput): Command {
  const tandem = new Command('tandem')
    .description('The workbench for people who work with AI.')
    .version(tandemVersion())
    .option('-C <dir>', 'run as if in this folder')
    .exitOverride()
    .showHelpAfterError('(tandem --help shows how)')
    .configureOutput({ writeOut: (text) => void stdout.write(text), writeErr: (text) => void stderr.write(text) });
  addServer(tandem, run);
  addTokens(tandem, run);
  addGateway(tandem, run);
  addRuns(tandem, run);
  addModernizer(tandem, run);
  addSchedules(tandem, run);
  return tandem;
}

/** A command with what all have in common: --json, -C, and two examples. */
function command(parent: Command, usage: string, what: string, examples: readonly [string, string]): Command {
  const made = parent
    .command(usage)
    .description(what)
    .addOption(new Option('--json', 'one JSON document on standard output'));
  made.option('-C <dir>', 'run as if in this folder');
  return made.addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
}

function addServer(tandem: Command, run: Run): void {
  command(tandem, 'serve', 'Start the server and print a sign-in link.', ['tandem serve', 'tandem serve --port 0'])
    .option('--port <number>', 'port to listen on; 0 takes any free one')
    .option('--host <address>', 'address to listen on')
    .action((options: { port?: string; host?: string }, made: Command) =>
      run(made, async (shell) =>
        (await import('./commands/serve.ts')).serve(shell, { port: options.port, host: options.host }),
      ),
    );
  command(tandem, 'work', 'Work on runs without a server.', [
    'tandem work',
    'DATABASE_URL=postgres://… tandem work',
  ]).action((_options, made: Command) =>
    run(made, async (shell) => (await import('./commands/serve.ts')).workOn(shell)),
  );
  command(tandem, 'link', 'Print a new one-time sign-in link.', ['tandem link', 'tandem link --json']).action(
    (_options, made: Command) => run(made, async (shell) => (await import('./commands/link.ts')).link(shell)),
  );
  command(tandem, 'doctor', 'Check this machine and say what to mend.', [
    'tandem doctor',
    'tandem doctor --json',
  ]).action((_options, made: Command) =>
    run(made, async (shell) => (await import('./commands/doctor.ts')).doctor(shell)),
  );
  command(tandem, 'config', 'Show every setting and where it comes from.', [
    'tandem config',
    'tandem config --json',
  ]).action((_options, made: Command) =>
    run(made, async (shell) => (await import('./commands/config.ts')).config(shell)),
  );
}

function addTokens(tandem: Command, run: Run): void {
  const token = tandem.command('token').description('Tokens for programs: issue, list, revoke.');
  command(token, 'issue', 'Issue a token.', [
    'tandem token issue --role member',
    'tandem token issue --role owner --ttl 7d --json',
  ])
    .requiredOption('--role <role>', 'owner, member, interviewer or parent')
    .option('--ttl <length>', 'how long it is good for, such as 30m, 1h, 7d', '1h')
    .option('--note <text>', 'what it is for', '')
    .action((options: { role: string; ttl: string; note: string }, made: Command) =>
      run(made, async (shell) => (await import('./commands/token.ts')).issueToken(shell, options)),
    );
  command(token, 'list', 'List the tokens.', ['tandem token list', 'tandem token list --json']).action(
    (_options, made: Command) => run(made, async (shell) => (await import('./commands/token.ts')).listTokens(shell)),
  );
  command(token, 'revoke <token>', 'Take a token back, by its id.', [
    'tandem token revoke 7x3k',
    'tandem token revoke 7x3k --json',
  ]).action((id: string, _options, made: Command) =>
    run(made, async (shell) => (await import('./commands/token.ts')).revokeToken(shell, id)),
  );
}

function addGateway(tandem: Command, run: Run): void {
  const key = tandem.command('key').description('Keys with which other tools call models here: issue, list, revoke.');
  command(key, 'issue', 'Make a gateway key; it is shown once.', [
    'tandem key issue --name "my editor" --budget 5.00',
    'tandem key issue --name build --json',
  ])
    .requiredOption('--name <name>', 'what it is for')
    .option('--budget <dollars>', 'what it may spend in all, in US dollars')
    .action((options: { name: string; budget?: string }, made: Command) =>
      run(made, async (shell) =>
        (await import('./commands/key.ts')).issueKey(shell, { name: options.name, budget: options.budget }),
      ),
    );
  command(key, 'list', 'List the gateway keys.', ['tandem key list', 'tandem key list --json']).action(
    (_options, made: Command) => run(made, async (shell) => (await import('./commands/key.ts')).listKeys(shell)),
  );
  command(key, 'revoke <key>', 'Take a gateway key back, by its id.', [
    'tandem key revoke 7x3k',
    'tandem key revoke 7x3k --json',
  ]).action((id: string, _options, made: Command) =>
    run(made, async (shell) => (await import('./commands/key.ts')).revokeKey(shell, id)),
  );
  command(tandem, 'spend', 'Show what was spent on models.', [
    'tandem spend --by model',
    'tandem spend --from 2026-11-01 --csv',
  ])
    .option('--by <what>', 'model, provider, product, person, day, key, run or leg', 'model')
    .option('--from <day>', 'from this day of UTC on, such as 2026-11-01')
    .option('--until <day>', 'up to this day, which is not included')
    .option('--csv', 'every attempt as CSV')
    .action((options: { by: string; from?: string; until?: string; csv?: boolean }, made: Command) =>
      run(made, async (shell) => {
        const { by, from, until, csv = false } = options;
        return (await import('./commands/spend.ts')).spend(shell, { by, from, until, csv });
      }),
    );
}

function addRuns(tandem: Command, run: Run): void {
  command(tandem, 'runs', 'List the runs, newest first.', ['tandem runs', 'tandem runs --limit 5 --json'])
    .option('--limit <number>', 'how many at most', '50')
    .action((options: { limit: string }, made: Command) =>
      run(made, async (shell) => (await import('./commands/runs.ts')).runs(shell, Number(options.limit) || 50)),
    );
  command(tandem, 'run <run>', 'Show one run and its events.', ['tandem run 7x3k', 'tandem run 7x3k --follow'])
    .option('--follow', 'go on until it ends')
    .action((id: string, options: { follow?: boolean }, made: Command) =>
      run(made, async (shell) => (await import('./commands/runs.ts')).run(shell, id, options.follow === true)),
    );
}

/** How a project is upgraded. */
const withOptions = (made: Command): Command =>
  made
    .option('--tests <command>', 'the command that tests the project (its own npm test)')
    .option('--start <command>', 'the command that starts it for the health check (its own npm start)')
    .option('--engines <mode>', 'declared, maintained or ignore (maintained)')
    .option('--max-minutes <number>', 'a run ends by then with what it has (30)')
    .option('--package-manager <name>', 'npm, pnpm or yarn, where a project has lockfiles of several')
    .option(
      '--allow-scripts <packages>',
      'whose install scripts may run, by name with commas; remembered for the project',
    )
    .option('--include-uncommitted', 'take changes along that are not committed');

function addModernizer(tandem: Command, run: Run): void {
  const modernize = command(
    tandem,
    'modernize [project]',
    'Upgrade a project as far as it can go, each step proven in a sandbox.',
    ['tandem modernize ./my-project', 'tandem modernize https://host/owner/project.git --branch main'],
  );
  withOptions(modernize)
    .option('--resume <run>', 'go on with an interrupted run')
    .option('--branch <name>', 'of a git repository that is named by its address')
    .option('--report <file>', 'write the HTML report there, too')
    .option('--only <agent>', 'one agent alone: planner, validator, analyzer or deployer')
    .option('--input <file>', 'with --only: the JSON that the agent before it printed')
    .option('--unsafe-host', 'DANGER: run the code of the project without any sandbox')
    .action((path: string | undefined, options: Record<string, string & boolean>, made: Command) =>
      run(made, async (shell) => (await import('./commands/modernize.ts')).modernize(shell, path, options)),
    );
  command(tandem, 'decide <run> <decision> <option>', 'Answer a question that a run waits for.', [
    'tandem decide 7x3k 9b2m keep',
    'tandem decide 7x3k 9b2m take --json',
  ]).action((id: string, decision: string, option: string, ...[, made]: [unknown, Command]) =>
    run(made, async (shell) => (await import('./commands/modernize.ts')).decide(shell, id, decision, option)),
  );
}

function addSchedules(tandem: Command, run: Run): void {
  const schedule = tandem
    .command('schedule')
    .description('Upgrade projects again and again: list, add, change, pause, remove.');
  command(schedule, 'list', 'List the schedules, soonest first.', [
    'tandem schedule list',
    'tandem schedule list --json',
  ]).action((_options, made: Command) =>
    run(made, async (shell) => (await import('./commands/schedule.ts')).list(shell)),
  );
  const add = command(schedule, 'add <path>', 'Upgrade a project at times that come again.', [
    'tandem schedule add ./my-project --every monday --at 06:00',
    'tandem schedule add ./my-project --every month --day 1 --at 22:30 --zone Europe/Berlin --json',
  ]);
  withOptions(add)
    .requiredOption('--every <days>', 'day, month, or days of the week such as monday,thursday')
    .option('--day <number>', 'with month: which day of it, 1 to 28')
    .option('--at <time>', 'the time by the clock on the wall', '06:00')
    .option('--zone <zone>', 'the time zone, such as Europe/Berlin (that of this machine)')
    .action((path: string, options: ScheduleFlags, made: Command) =>
      run(made, async (shell) => (await import('./commands/schedule.ts')).add(shell, path, options)),
    );
  const change = command(schedule, 'change <schedule>', 'Change a schedule; what is not named stays as it is.', [
    'tandem schedule change 7x3k --every monday,thursday --at 07:30',
    'tandem schedule change 7x3k --title "The shop" --max-minutes 60 --json',
  ]);
  withOptions(change)
    .option('--title <text>', 'what it is called')
    .option('--every <days>', 'day, month, or days of the week such as monday,thursday')
    .option('--day <number>', 'with month: which day of it, 1 to 28')
    .option('--at <time>', 'the time by the clock on the wall')
    .option('--zone <zone>', 'the time zone, such as Europe/Berlin')
    .action((id: string, options: ScheduleChangeFlags, made: Command) =>
      run(made, async (shell) => (await import('./commands/schedule.ts')).change(shell, id, options)),
    );
  for (const [name, what, paused] of [
    ['pause', 'Let a schedule rest.', true],
    ['resume', 'Let a paused schedule go on.', false],
  ] as const) {
    command(schedule, `${name} <schedule>`, what, [
      `tandem schedule ${name} 7x3k`,
      `tandem schedule ${name} 7x3k --json`,
    ]).action((id: string, _options, made: Command) =>
      run(made, async (shell) => (await import('./commands/schedule.ts')).pause(shell, id, paused)),
    );
  }
  command(schedule, 'remove <schedule>', 'Remove a schedule; its runs stay.', [
    'tandem schedule remove 7x3k',
    'tandem schedule remove 7x3k --json',
  ]).action((id: string, _options, made: Command) =>
    run(made, async (shell) => (await import('./commands/schedule.ts')).remove(shell, id)),
  );
}

if (import.meta.main) {
  // A third of a start is compiling what has not changed since the last one. Where nothing can be kept, nothing is.
  enableCompileCache(join(CHECKOUT, '.build', 'compile-cache'));
  const ending = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // The first one ends everything well; whoever sends a second one does not want to wait.
    process.once(signal, () => {
      ending.abort();
      process.once(signal, () => process.exit(EXIT.fault));
    });
  }
  process.exitCode = await main(process.argv.slice(2), { folder: process.cwd(), env: process.env }, ending.signal);
}

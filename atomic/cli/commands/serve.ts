// atomic serve: repositories for others, over HTTP or over one connection of ssh.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { once } from 'node:events';

import type { Command } from 'commander';

import { authoriseBy, readTokenFile, type TokenRule } from '../../remotes/bearer-tokens.ts';
import { serveUnguarded } from '../../remotes/faults.ts';
import { isLoopback, LOOPBACK, serveHttp } from '../../remotes/serve-http.ts';
import { serveStdio } from '../../remotes/serve-stdio.ts';
import { oneRepository, repositoriesBelow, type ServedRepositories } from '../../remotes/served-repositories.ts';
import { findRepositoryRoot, openRepository } from '../../repository/repository.ts';
import { addCommand, EXIT, type CommandContext, type ExitCode } from '../command.ts';
import { receivePolicy } from '../exchange.ts';
import { optionsContradict, optionWrong } from '../faults.ts';
import type { Shell } from '../shell.ts';

interface Options {
  readonly stdio?: boolean;
  readonly port?: string;
  readonly host?: string;
  readonly repo?: string;
  readonly root?: string;
  readonly readOnly?: boolean;
  readonly tokens?: string;
}

export function registerServe(program: Command, context: CommandContext): void {
  addCommand(program, 'serve', {
    summary: 'Serve repositories to others.',
    description:
      'Over HTTP on this machine alone, unless --host says otherwise; then tokens are needed to push. With --stdio: one ' +
      'connection on standard input and output, as ssh makes it. What is taken is said by the settings receive.…',
    examples: [
      'atomic serve --port 4610 --root ~/repositories --tokens tokens.txt',
      'atomic serve --stdio --repo project',
    ],
  })
    .option('--stdio', 'one connection on standard input and output')
    .option('--port <n>', 'over HTTP, on this port; 0 takes any that is free')
    .option('--host <address>', 'the address to listen on', LOOPBACK)
    .option('--repo <path>', 'this repository; the one around this folder by default')
    .option('--root <dir>', 'every repository below this folder, by its path in it')
    .option('--read-only', 'nobody may push')
    .option('--tokens <file>', 'who may read or write: a line `read TOKEN` or `write TOKEN` for each')
    .action((options: Options, command: Command) => context.run(command, (shell) => serve(shell, options)));
}

async function serve(shell: Shell, options: Options): Promise<ExitCode> {
  if (options.stdio === true && options.port !== undefined) {
    throw optionsContradict('--stdio', '--port', 'It is one connection or the other.');
  }
  if (options.repo !== undefined && options.root !== undefined) {
    throw optionsContradict('--repo', '--root', 'The one is a single repository, the other a folder of them.');
  }
  return options.stdio === true ? stdio(shell, options) : http(shell, options);
}

async function stdio(shell: Shell, options: Options): Promise<ExitCode> {
  if (options.root !== undefined)
    throw optionsContradict('--stdio', '--root', 'One connection is about one repository.');
  const root = findRepositoryRoot(resolve(shell.folder, options.repo ?? '.'));
  const isReadOnly = options.readOnly === true;
  const repository = openRepository(root, { readOnly: isReadOnly, clock: shell.clock, processName: 'atomic serve' });
  try {
    const access = isReadOnly ? 'read' : 'write';
    const host = {
      repository,
      name: root,
      access,
      who: shell.actor(),
      policy: receivePolicy(root, shell.env),
    } as const;
    await serveStdio(host, shell.stdin as AsyncIterable<Uint8Array>, process.stdout);
    return EXIT.done;
  } finally {
    repository.close();
  }
}

const PORT_MAX = 65_535;

async function http(shell: Shell, options: Options): Promise<ExitCode> {
  const { host = LOOPBACK, tokens, readOnly = false } = options;
  const port = options.port === undefined ? DEFAULT_PORT : Number(options.port);
  if (!Number.isInteger(port) || port < 0 || port > PORT_MAX) {
    throw optionWrong('--port', options.port ?? '', `a whole number from 0 to ${PORT_MAX}`);
  }
  const rules = tokens === undefined ? [] : rulesIn(resolve(shell.folder, tokens));
  if (!isLoopback(host) && rules.length === 0 && !readOnly) throw serveUnguarded(host);
  const repositories = repositoriesOf(shell, options);
  const served = await serveHttp({
    port,
    host,
    handler: {
      repositories: (name) => repositories.of(name),
      authorise: authoriseBy(rules, readOnly ? 'read' : 'write'),
    },
  });
  try {
    const name = options.root === undefined ? 'repository' : '<name>';
    shell.terminal.document({ url: served.url, port: served.port, readOnly, tokens: rules.length });
    shell.terminal.say(`Serving ${served.url}${name}`);
    if (rules.length === 0) shell.terminal.note(`Whoever reaches it may ${readOnly ? 'read' : 'read and push'}.`);
    await stopAsked();
    return EXIT.done;
  } finally {
    await served.close();
    repositories.close();
  }
}

const DEFAULT_PORT = 4610;

function repositoriesOf(shell: Shell, { repo, root, readOnly = false }: Options): ServedRepositories {
  const serving = { readOnly, policyOf: (path: string) => receivePolicy(path, shell.env) };
  if (root !== undefined) return repositoriesBelow(resolve(shell.folder, root), serving);
  return oneRepository(findRepositoryRoot(resolve(shell.folder, repo ?? '.')), serving);
}

function rulesIn(file: string): readonly TokenRule[] {
  return readTokenFile(readFileSync(file, 'utf8'), file);
}

/** Until the person, or the system, ends it. */
const stopAsked = (): Promise<unknown> => Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);

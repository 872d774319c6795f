// Runs inside the sandbox, in front of an install: 127.0.0.1 here leads to the registry proxy's socket, and to nothing
// else. Then it starts the job with npm pointed at itself, and ends as the job ends.
// Plain JavaScript: it is mounted alone.

import { spawn } from 'node:child_process';
import { constants as open, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';
import { basename, dirname } from 'node:path';

const [socketPath = '', port = '0', prefix = '/', command = '', ...rest] = process.argv.slice(2);
const NOT_FOUND = 127;
const SIGNAL_BASE = 128;

/** Socket paths end at 107 characters, and without a sandbox this one is the host's own. */
const PATH_LENGTH_MAX = 100;
const socket =
  socketPath.length <= PATH_LENGTH_MAX
    ? socketPath
    : `/proc/self/fd/${openSync(dirname(socketPath), open.O_RDONLY)}/${basename(socketPath)}`;

const server = createServer((client) => {
  const proxy = connect(socket);
  const end = () => {
    client.destroy();
    proxy.destroy();
  };
  client.on('error', end);
  proxy.on('error', end);
  client.pipe(proxy).pipe(client);
});

// A lockfile of Yarn 1 names the address of each archive, with the port that a sandbox has. Without confinement the port
// is any free one.
const ANY_PORT = '0';
const turnLockfile = (actual) => {
  if (!existsSync('yarn.lock')) return;
  const text = readFileSync('yarn.lock', 'utf8');
  writeFileSync('yarn.lock', text.replaceAll('"http://127.0.0.1:4873/', `"http://127.0.0.1:${actual}/`));
};

server.listen(Number(port), '127.0.0.1', () => {
  const registry = `http://127.0.0.1:${server.address().port}${prefix}`;
  if (port === ANY_PORT) turnLockfile(server.address().port);
  // Each installer asks for the registry by a name of its own.
  const names = ['npm_config_registry', 'YARN_REGISTRY', 'YARN_NPM_REGISTRY_SERVER'];
  const env = { ...process.env, ...Object.fromEntries(names.map((name) => [name, registry])) };
  const child = spawn(command, rest, { stdio: 'inherit', env });
  child.on('error', (error) => {
    process.stderr.write(`${command} could not be started: ${error.message}\n`);
    process.exit(NOT_FOUND);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? SIGNAL_BASE + (constants.signals[signal] ?? 0));
  });
});

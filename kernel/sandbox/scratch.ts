// The private folder in which a sandbox keeps its small /etc, its launchers, its socket and its empty mount point.
// Rule: only its owner may enter it; what processes left behind that were killed is removed by the next one.

import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { programPlace } from './inside.ts';
import { isGone, nameOfThisProcess } from './owner.ts';
import type { Program } from './sandbox.ts';

export interface Scratch {
  readonly folder: string;
  readonly etc: string;
  /** `npm` and `npx` for inside. */
  readonly launchers: string;
  /** `node`, `npm` and `npx` for `unsafe-host`, which sees the host's own places. */
  readonly hostLaunchers: string;
  /** Home of a job without confinement. */
  readonly hostHome: string;
  readonly mountPoint: string;
  readonly socket: string;
  /** Lets jobs call a program by its name, in and out of confinement. */
  addProgram(program: Program): void;
  remove(): void;
}

const PREFIX = 'sandbox-';
let made = 0;

export function makeScratch(parent: string, tools: { readonly node: string; readonly npm: string }): Scratch {
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  removeStale(parent);
  made += 1;
  const folder = join(parent, `${PREFIX}${nameOfThisProcess()}-${made}`);
  const inFolder = (name: string): string => join(folder, name);
  for (const name of ['', 'etc', 'launchers', 'host-launchers', 'host-home', 'root'])
    mkdirSync(inFolder(name), { mode: 0o700 });
  writeEtc(inFolder('etc'));
  writeLaunchers(inFolder('launchers'), { node: '/tandem/bin/node', npm: '/tandem/npm' });
  writeLaunchers(inFolder('host-launchers'), tools);
  writeProgram(inFolder('host-launchers/node'), [tools.node]);
  return {
    folder,
    etc: inFolder('etc'),
    launchers: inFolder('launchers'),
    hostLaunchers: inFolder('host-launchers'),
    hostHome: inFolder('host-home'),
    mountPoint: inFolder('root'),
    socket: inFolder('registry.sock'),
    addProgram({ name, folder: host, script }) {
      if (!/^[a-z][a-z-]*$/.test(name) || existsSync(inFolder(`host-launchers/${name}`))) return;
      writeProgram(inFolder(`launchers/${name}`), ['/tandem/bin/node', `${programPlace(name)}/${script}`]);
      writeProgram(inFolder(`host-launchers/${name}`), [tools.node, join(host, script)]);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    if (name.startsWith(PREFIX) && isGone(name.slice(PREFIX.length)))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}

/** Without these `localhost` does not resolve and programs that ask who they are fail. */
const ETC: Readonly<Record<string, string>> = {
  hosts: '127.0.0.1 localhost tandem\n::1 localhost\n',
  hostname: 'tandem\n',
  passwd: 'tandem:x:1000:1000:tandem:/home/tandem:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
  group: 'tandem:x:1000:\nnogroup:x:65534:\n',
  // Names are looked up in the file only: with `dns` each unknown name would wait for a server that cannot answer.
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  'resolv.conf': '',
};

/** Which library lies where, and which of several programs is `awk`: without them parts of /usr do not start. */
const ETC_OF_HOST = ['ld.so.cache', 'alternatives'];

function writeEtc(folder: string): void {
  for (const [name, text] of Object.entries(ETC)) writeFileSync(join(folder, name), text, { mode: 0o644 });
  for (const name of ETC_OF_HOST) {
    const from = join('/etc', name);
    if (existsSync(from)) cpSync(from, join(folder, name), { recursive: true, verbatimSymlinks: true });
  }
  chmodSync(folder, 0o755);
}

function writeLaunchers(folder: string, tools: { readonly node: string; readonly npm: string }): void {
  writeProgram(join(folder, 'npm'), [tools.node, `${tools.npm}/bin/npm-cli.js`]);
  writeProgram(join(folder, 'npx'), [tools.node, `${tools.npm}/bin/npx-cli.js`]);
  chmodSync(folder, 0o755);
}

const writeProgram = (path: string, argv: readonly string[]): void =>
  writeFileSync(path, `#!/bin/sh\nexec ${argv.map(quoted).join(' ')} "$@"\n`, { mode: 0o755 });

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

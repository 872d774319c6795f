// Runs a script that nobody should trust: it looks for the home of whoever started it, and for a way out.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { mebibytes, seconds } from 'kernel/basics';
import { openSandbox } from 'kernel/sandbox';

const LIMITS = {
  wallMs: seconds(20),
  outputBytesMax: 10_000,
  processesMax: 64,
  memoryBytesMax: mebibytes(512),
};

const curious = (home: string, address: string): string => `
  const tried = (name) => (problem) => console.log(name + ': ' + (problem?.code ?? 'succeeded'));
  require('node:fs').readdir(${JSON.stringify(home)}, tried('reading the home'));
  const { hostname, port } = new URL(${JSON.stringify(address)});
  const socket = require('node:net').connect({ host: hostname, port: Number(port) || 80 });
  const toNetwork = tried('reaching the network');
  socket.once('connect', () => { toNetwork(); socket.destroy(); }).once('error', toNetwork);
`;

/** @param places The home to look for and the address to reach; those of this machine unless a test has others. */
export async function runUntrusted(
  print: (line: string) => void,
  places: { readonly home: string; readonly address: string },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-example-'));
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'curious.cjs'), curious(places.home, places.address));
  try {
    const opened = await openSandbox({ registry: 'https://registry.npmjs.org/', scratch: join(folder, 'scratch') });
    if (opened.kind === 'refused') return print(`left out: ${opened.reason} ${opened.next}`);
    const { sandbox } = opened;
    const outcome = await sandbox.run({ phase: 'run', project, argv: ['node', 'curious.cjs'], limits: LIMITS });
    await sandbox.close();
    for (const line of outcome.output.trim().split('\n').sort()) print(line);
    print(`${outcome.kind}${outcome.kind === 'exited' ? ` with ${outcome.code}` : ''}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  await runUntrusted(print, { home: homedir(), address: 'http://192.0.2.1/' });
}

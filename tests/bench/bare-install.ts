// What a trial's installation costs: npm in the sandbox, through its registry proxy, beside the same npm on the host.
// Both have a warm cache of their own and begin without node_modules; they run in turns, so that both meet the same load.

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { mebibytes, minutes } from 'kernel/basics';
import { openSandbox, type Sandbox } from 'kernel/sandbox';

import { fetchPackage, inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { note, quantile, report, rounds, timed } from './measuring/report.ts';

const SPEC = 'csv-write-stream@2.0.0';
const PAIRS = rounds(5);
const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
const LIMITS = {
  wallMs: minutes(3),
  outputBytesMax: 100_000,
  processesMax: 256,
  memoryBytesMax: mebibytes(2048),
};
const NPM = join(ROOT, 'node_modules/npm/bin/npm-cli.js');

interface Ground {
  readonly folder: string;
  readonly source: string;
  readonly sandbox: Sandbox;
}

/** A copy of the project as it was published: without node_modules and without a lockfile. */
function freshProject({ folder, source }: Ground, name: string): string {
  const project = join(folder, name);
  cpSync(source, project, { recursive: true });
  return project;
}

const onHost = async (ground: Ground, project: string): Promise<void> => {
  const cache = join(ground.folder, 'cache-of-the-host');
  await outputOf([process.execPath, NPM, ...INSTALL, '--cache', cache], { cwd: project });
};

async function inSandbox({ folder, sandbox }: Ground, project: string): Promise<void> {
  const cache = join(folder, 'cache-of-the-sandbox');
  mkdirSync(cache, { recursive: true });
  const outcome = await sandbox.run({ phase: 'install', project, argv: ['npm', ...INSTALL], cache, limits: LIMITS });
  if (outcome.kind !== 'exited' || outcome.code !== 0)
    throw new Error(`npm ${outcome.kind}: ${outcome.output.slice(-2000)}`);
}

await inFolder(async (folder) => {
  const source = await fetchPackage(SPEC, folder);
  const registry = await outputOf(['npm', 'config', 'get', 'registry']);
  const opened = await openSandbox({ registry, scratch: join(folder, 'scratch') });
  if (opened.kind === 'refused') return note(`bare-install: left out. ${opened.reason} ${opened.next}`);
  const ground: Ground = { folder, source, sandbox: opened.sandbox };
  try {
    await onHost(ground, freshProject(ground, 'host-warm'));
    await inSandbox(ground, freshProject(ground, 'sandbox-warm'));
    const pairs: { bare: number; confined: number }[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const [host, inside] = [freshProject(ground, `host-${pair}`), freshProject(ground, `sandbox-${pair}`)];
      const bare = await timed(() => onHost(ground, host));
      pairs.push({ bare, confined: await timed(() => inSandbox(ground, inside)) });
    }
    const ratios = quantile(pairs.map(({ bare, confined }) => confined / bare));
    const floor = quantile(pairs.map(({ bare }) => bare));
    const what = `${SPEC} in ${opened.sandbox.confinement.backEnd} (median of ${PAIRS} paired ratios)`;
    report('bare-install', [{ what, value: floor * ratios, floor, floorName: 'npm install on the host', unit: 'ms' }]);
  } finally {
    await opened.sandbox.close();
  }
});

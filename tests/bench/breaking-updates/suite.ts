// Installs a published package with one range changed and runs its suite, confined as the Modernizer's trials are.
// Rule: every run begins with an empty tree and no lockfile; what is red is run once more, as suites waver.

import { mkdirSync, readFileSync, rmSync, writeFileSync, cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Outcome, Sandbox } from 'kernel/sandbox';

import type { RowVerdict } from './rows.ts';

export interface Bench {
  readonly sandbox: Sandbox;
  readonly cache: string;
  readonly scratch: string;
}

export interface SuiteResult {
  readonly verdict: RowVerdict;
  /** What the last command printed, with the command before it. */
  readonly log: string;
  /** Installed version by name, at the top of the tree. */
  readonly installed: ReadonlyMap<string, string>;
  readonly tree: string;
}

const INSTALL_MS_MAX = 180_000;
/** Ten times what the slowest suite among the rows takes. */
const SUITE_MS_MAX = 90_000;
export const LIMITS = { outputBytesMax: 8 * 1024 ** 2, processesMax: 512, memoryBytesMax: 2 * 1024 ** 3 };
const ENV = { CI: '1', NO_UPDATE_NOTIFIER: '1' };

/** `change` is a range of one dependency, or null for the package as it was published. */
export async function runSuite(
  { sandbox, cache, scratch }: Bench,
  source: string,
  change: { readonly kind: string; readonly name: string; readonly range: string } | null,
): Promise<SuiteResult> {
  const tree = join(scratch, 'tree');
  rmSync(tree, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  cpSync(source, tree, { recursive: true });
  for (const name of ['package-lock.json', 'npm-shrinkwrap.json', 'node_modules']) {
    rmSync(join(tree, name), { recursive: true, force: true });
  }
  const file = join(tree, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  if (change !== null) {
    manifest[change.kind] = { ...manifest[change.kind], [change.name]: change.range };
    writeFileSync(file, JSON.stringify(manifest, null, 2));
  }
  const argv = ['npm', 'install', '--ignore-scripts', '--package-lock', '--no-audit', '--no-fund', '--prefer-offline'];
  const install = await sandbox.run({
    phase: 'install',
    project: tree,
    argv: argv as [string, ...string[]],
    env: ENV,
    cache,
    limits: { ...LIMITS, wallMs: INSTALL_MS_MAX },
  });
  if (!endedWell(install)) {
    const verdict = install.kind === 'timed-out' ? 'timed-out' : 'resolver-conflict';
    return { verdict, log: `$ npm install\n${install.output}`, installed: new Map(), tree };
  }
  const installed = versionsIn(tree, manifest);
  const first = await test(sandbox, tree);
  if (endedWell(first)) return { verdict: 'green', log: logOf(first), installed, tree };
  if (first.kind === 'timed-out') return { verdict: 'timed-out', log: logOf(first), installed, tree };
  const second = await test(sandbox, tree);
  return { verdict: endedWell(second) ? 'flaky' : 'broken', log: logOf(first), installed, tree };
}

const test = (sandbox: Sandbox, tree: string): Promise<Outcome> =>
  sandbox.run({
    phase: 'run',
    project: tree,
    argv: ['sh', '-c', 'npm test'],
    env: ENV,
    limits: { ...LIMITS, wallMs: SUITE_MS_MAX },
  });

const endedWell = (outcome: Outcome): boolean => outcome.kind === 'exited' && outcome.code === 0;

const logOf = (outcome: Outcome): string => `\n$ npm test\n${outcome.output}`;

function versionsIn(tree: string, manifest: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const names = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] });
  return new Map(
    names.flatMap((name) => {
      const file = join(tree, 'node_modules', name, 'package.json');
      if (!existsSync(file)) return [];
      return [[name, (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version] as const];
    }),
  );
}

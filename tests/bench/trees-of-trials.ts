// Whether the trees that trials stand on are what npm installs: every tree that a whole run has put together, beside
// `npm ci` of the same lockfile, file by file: contents, modes, links. Any difference could be a wrong verdict.
// `npm run bench trees-of-trials passport-jwt@4.0.0` takes one project; `--home=DIR` compares what runs have left there.

import { createHash } from 'node:crypto';
import { cpSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { fetchPackage, inFolder, outputOf, ROOT } from './measuring/programs.ts';
import { isJson, note } from './measuring/report.ts';

const PROJECTS = ['csv-write-stream@2.0.0', 'passport-jwt@4.0.0', 'mustache-express@1.3.0'];
const INSTALL = ['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'] as const;
/** What npm notes for itself: it has the same packages in another order of its fields. */
const NOTES = '.package-lock.json';
const SHOWN = 10;

interface Row {
  readonly tree: string;
  readonly files: number;
  readonly differing: readonly string[];
}

/** Every path below a folder with what it is: a mode and a hash of its bytes, or where it leads. */
function listed(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (name === NOTES) continue;
    const path = join(folder, name);
    const status = lstatSync(path);
    if (status.isSymbolicLink()) found.set(name, `leads to ${readlinkSync(path)}`);
    else if (status.isDirectory()) found.set(name, 'folder');
    else found.set(name, `${(status.mode & 0o777).toString(8)} ${hashOf(path)}`);
  }
  return found;
}

const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

async function compared(tree: string, folder: string): Promise<Row> {
  const fresh = join(folder, 'fresh');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  for (const name of ['package.json', 'package-lock.json']) cpSync(join(tree, name), join(fresh, name));
  await outputOf([...INSTALL], { cwd: fresh });
  const [ours, theirs] = [listed(join(tree, 'node_modules')), listed(join(fresh, 'node_modules'))];
  const differing = [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (name) => ours.get(name) !== theirs.get(name),
  );
  return { tree, files: theirs.size, differing };
}

/** The trees that runs of this home have kept. */
const treesIn = (home: string): readonly string[] =>
  readdirSync(join(home, 'cache/trees')).flatMap((machine) =>
    readdirSync(join(home, 'cache/trees', machine))
      .filter((name) => !name.startsWith('.'))
      .map((name) => join(home, 'cache/trees', machine, name)),
  );

const rows: Row[] = [];

async function compareHome(home: string, folder: string): Promise<void> {
  for (const tree of treesIn(home)) {
    const row = await compared(tree, folder);
    rows.push(row);
    const differing = row.differing.slice(0, SHOWN).join(', ');
    note(`${row.tree}: ${row.files} files, ${row.differing.length} differing ${differing}`);
  }
}

const given = process.argv.find((word) => word.startsWith('--home='))?.slice('--home='.length);
const specs = process.argv.slice(2).filter((word) => word.includes('@'));
await inFolder(async (folder) => {
  if (given !== undefined) return compareHome(given, folder);
  const home = join(folder, 'home');
  mkdirSync(home);
  for (const spec of specs.length > 0 ? specs : PROJECTS) {
    const project = await fetchPackage(spec, folder);
    const command = [
      join(ROOT, 'workbench/bin/tandem'),
      'modernize',
      project,
      '--engines',
      'ignore',
      '--json',
    ] as const;
    await outputOf([...command], { env: { TANDEM_HOME: home } });
    rmSync(project, { recursive: true });
  }
  return compareHome(home, folder);
});
const differing = rows.filter((row) => row.differing.length > 0);
if (isJson) console.log(JSON.stringify({ version: 1, bench: 'trees-of-trials', rows }));
else console.log(`trees-of-trials: ${differing.length} of ${rows.length} trees differ from what npm installs`);

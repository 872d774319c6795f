// How many upgrades the Modernizer keeps, and in what time, beside `npm-check-updates --doctor -u` on the same projects in
// the same run. What each of them kept is judged alike: a fresh installation and a green suite, five times over.
// Nothing is removed before all of it is over: for minutes after thousands of files were removed, ext4 makes new ones at a
// fraction of its speed, and whoever comes next would pay for that. So it needs some gigabytes.
// `npm run bench upgrades-against-doctor passport-jwt@4.0.0` takes one project; other specs of the registry work, too.
// A number (`… 2`) sets how many fresh installations judge; `--ours` leaves the doctor out.

import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { loadavg, setPriority } from 'node:os';
import { join } from 'node:path';

import { durationText } from 'kernel/basics';
import type { ModernizationResult } from 'modernizer/protocol';

import { fetchPackage, inFolder, outputOf, ran, ROOT } from './measuring/programs.ts';
import { isJson, note, rounds, timed } from './measuring/report.ts';

const PROJECTS = [
  'csv-write-stream@2.0.0',
  'passport-jwt@4.0.0',
  'jsonwebtoken@5.7.0',
  'mustache-express@1.3.0',
  'changelog-parser@2.8.0',
  'replace-in-file@6.2.0',
];
const DOCTOR_FOLDER = join(ROOT, 'tests/bench/peers-doctor');
const DOCTOR = join(DOCTOR_FOLDER, 'node_modules/.bin/ncu');
const INSTALL = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund'] as const;
const JUDGED = rounds(5);
/** A suite that wavers by itself is run again: what is judged is the upgrades, not the suite. */
const RUNS_EACH = 3;
const NICE_OF_THE_SANDBOX = 10;
/** The doctor was seen to hang on one project for good. */
const DOCTOR_S_MAX = 900;

type Ranges = Readonly<Record<string, string>>;

interface Side {
  readonly kept: readonly string[];
  readonly wallMs: number;
  /** Fresh installations that were green, of how many. */
  readonly green: string;
  readonly isProven: boolean;
}

interface ToJudge {
  readonly project: string;
  readonly manifest: string;
  readonly place: string;
}

/** What was kept, still to be judged. */
type Measured<Of extends Side = Side> = Omit<Of, 'green' | 'isProven'> & { readonly toJudge: ToJudge };

interface Row {
  readonly project: string;
  readonly ours: Side & { readonly trials: number; readonly older: readonly string[]; readonly status: string };
  readonly doctor: Side | null;
}

const manifestIn = (folder: string): string => readFileSync(join(folder, 'package.json'), 'utf8');

function rangesOf(manifest: string): Ranges {
  const parsed = JSON.parse(manifest) as Readonly<Record<string, Ranges | undefined>>;
  return { ...parsed['optionalDependencies'], ...parsed['devDependencies'], ...parsed['dependencies'] };
}

const raised = (before: string, after: string): readonly string[] => {
  const [old, fresh] = [rangesOf(before), rangesOf(after)];
  return Object.keys(fresh).filter((name) => fresh[name] !== old[name]);
};

/** Installs the manifest afresh and runs the suite, as often as asked. */
async function judged({ project, manifest, place: folder }: ToJudge): Promise<Pick<Side, 'green' | 'isProven'>> {
  let green = 0;
  for (let round = 1; round <= JUDGED; round += 1) {
    const place = `${folder}-${round}`;
    cpSync(project, place, { recursive: true });
    writeFileSync(join(place, 'package.json'), manifest);
    if ((await ran([...INSTALL, '--prefer-offline'], { cwd: place })).code === 0 && (await suiteIsGreen(place)))
      green += 1;
  }
  return { green: `${green} of ${JUDGED}`, isProven: green === JUDGED };
}

async function suiteIsGreen(cwd: string): Promise<boolean> {
  for (let run = 1; run <= RUNS_EACH; run += 1) {
    if ((await ran(['npm', 'test'], { cwd, env: { CI: '1' } })).code === 0) return true;
  }
  return false;
}

async function byDoctor(project: string, folder: string): Promise<Measured> {
  const place = join(folder, 'doctor');
  cpSync(project, place, { recursive: true });
  const env = { npm_config_cache: join(folder, 'doctor-cache') };
  const doctor = [DOCTOR, '--doctor', '-u', '--doctorInstall', INSTALL.join(' ')];
  const wallMs = await timed(() => ran(['timeout', String(DOCTOR_S_MAX), ...doctor], { cwd: place, env }));
  const manifest = manifestIn(place);
  const kept = raised(manifestIn(project), manifest);
  return { kept, wallMs, toJudge: { project, manifest, place: join(folder, 'judged-doctor') } };
}

async function byUs(project: string, folder: string): Promise<Measured<Row['ours']>> {
  const place = join(folder, 'ours');
  cpSync(project, place, { recursive: true });
  const command = [join(ROOT, 'workbench/bin/tandem'), 'modernize', place, '--engines', 'ignore', '--json'] as const;
  let stdout = '';
  const wallMs = await timed(async () => {
    ({ stdout } = await ran([...command], { env: { TANDEM_HOME: join(folder, 'home') } }));
  });
  const result = JSON.parse(stdout) as ModernizationResult;
  const { branch, repository, status, trials } = result;
  const show = ['git', '-C', repository ?? '', 'show', `${branch ?? ''}:package.json`] as const;
  const manifest = branch === null ? manifestIn(project) : `${await outputOf([...show])}\n`;
  const older = result.kept.filter(({ insteadOf }) => insteadOf != null).map(({ name, to }) => `${name}@${to}`);
  const kept = result.kept.map(({ name }) => name);
  return { kept, wallMs, status, trials, older, toJudge: { project, manifest, place: join(folder, 'judged-ours') } };
}

interface Compared {
  readonly project: string;
  readonly ours: Measured<Row['ours']>;
  readonly doctor: Measured | null;
}

async function compared(spec: string, folder: string): Promise<Compared> {
  mkdirSync(join(folder, 'home'), { recursive: true });
  const project = await fetchPackage(spec, folder);
  const load = (): string => `load ${loadavg()[0]?.toFixed(1) ?? ''}`;
  const ours = await byUs(project, folder);
  note(`${spec}: ours keeps ${ours.kept.length} in ${durationText(ours.wallMs)}, ${load()}`);
  const doctor = process.argv.includes('--ours') ? null : await byDoctor(project, folder);
  if (doctor !== null) {
    note(`${spec}: the doctor keeps ${doctor.kept.length} in ${durationText(doctor.wallMs)}, ${load()}`);
  }
  return { project: spec, ours, doctor };
}

async function judgedRow({ project, ours, doctor }: Compared): Promise<Row> {
  const row = {
    project,
    ours: { ...ours, ...(await judged(ours.toJudge)) },
    doctor: doctor === null ? null : { ...doctor, ...(await judged(doctor.toJudge)) },
  };
  note(`${project}: green afresh ${row.ours.green} and ${row.doctor?.green ?? '–'}`);
  return row;
}

const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);
/** What is not green afresh does not count. */
const counted = (side: Side | null): number => (side?.isProven === true ? side.kept.length : 0);

async function installDoctor(): Promise<void> {
  if (existsSync(DOCTOR)) return;
  note('installing npm-check-updates under tests/bench/peers-doctor');
  await outputOf(['npm', 'install', '--no-audit', '--no-fund', '--no-workspaces'], { cwd: DOCTOR_FOLDER });
}

// The sandbox gives way to whatever else the machine does; on a busy one the doctor must not be judged by another measure.
setPriority(NICE_OF_THE_SANDBOX);
const specs = process.argv.slice(2).filter((word) => word.includes('@'));
if (!process.argv.includes('--ours')) await installDoctor();
const rows: Row[] = [];
await inFolder(async (folder) => {
  const measured: Compared[] = [];
  for (const [place, spec] of (specs.length > 0 ? specs : PROJECTS).entries()) {
    measured.push(await compared(spec, join(folder, String(place))));
  }
  for (const each of measured) rows.push(await judgedRow(each));
});

if (isJson) {
  console.log(JSON.stringify({ version: 1, bench: 'upgrades-against-doctor', judgedBy: JUDGED, rows }));
} else {
  console.log(
    'project | kept | of those older | trials | took | green afresh | the doctor keeps | took | green afresh',
  );
  for (const { project, ours, doctor } of rows) {
    const theirs = doctor === null ? ['–', '–', '–'] : [doctor.kept.length, durationText(doctor.wallMs), doctor.green];
    const own = [ours.kept.length, ours.older.join(' ') || '–', ours.trials, durationText(ours.wallMs), ours.green];
    console.log([project, ...own, ...theirs].join(' | '));
  }
  const [kept, theirs] = [sum(rows, ({ ours }) => counted(ours)), sum(rows, ({ doctor }) => counted(doctor))];
  const [tookMs, theirMs] = [sum(rows, ({ ours }) => ours.wallMs), sum(rows, ({ doctor }) => doctor?.wallMs ?? 0)];
  console.log(
    `kept ${kept} against ${theirs}: ${(kept / theirs).toFixed(2)} ×; took ${durationText(tookMs)} against ` +
      `${durationText(theirMs)}: ${(tookMs / theirMs).toFixed(2)} ×`,
  );
}

// The Modernizer as the rest of Tandem uses it: start a run, carry it on, answer its questions, read it.
// Rule: starting is cheap and answers at once; the work is done by whoever executes the run.

import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ReadableStream } from 'node:stream/web';

import { parseId, type Fault, type RunId } from 'kernel/basics';
import type { RunRecord } from 'kernel/journal';

import { decisionClosed, notResumable, optionUnknown, runAmbiguous, runOver, runUnknown } from '../faults.ts';
import {
  openDecisions,
  type ModernizationResult,
  type ModernizationView,
  type ModernizeOptions,
  type ProjectChoice,
  type Projects,
  type TrialEvidence,
  type TrialLog,
} from '../protocol/index.ts';
import { LOG_NAME } from '../validating/trial-folder.ts';
import { allowScripts } from '../intake/allowed-scripts.ts';
import { addressWrong } from '../intake/faults.ts';
import { isBranchName, readGitAddress } from '../intake/git-address.ts';
import { keepUpload } from '../intake/uploads.ts';
import { fileOfUpload } from './fetch-project.ts';
import { SOURCE } from './source.ts';
import { executeAgent, executeRun, STOP_REQUESTED, type RunEnd } from './execute-run.ts';
import type { RunInput, ScheduledFor } from './execution.ts';
import { readSampleSpec } from './sample-spec.ts';
import { inspectProject } from './inspect-project.ts';
import type { LoneAgent } from './agent-output.ts';
import type { ModernizerPorts } from './ports.ts';
import { createProjects, type ProjectsAsked } from './projects.ts';
import { readView } from './record.ts';
import { notAProject, sampleUnknown } from './refusals.ts';
import { resultOf } from './result.ts';
import type { MigrationState } from './state.ts';
import { evidenceOf, runFolder } from './run-folder.ts';
import { evidenceFile, readEvidence } from './trial-evidence.ts';

export const PRODUCT = 'modernizer';

export interface StartRequest {
  readonly project: ProjectChoice;
  readonly options: ModernizeOptions;
  readonly owner: string;
  readonly startedBy: RunInput['startedBy'];
  readonly schedule?: ScheduledFor;
  /** Nobody is there to be asked whether install scripts may run. What a schedule starts asks nobody. */
  readonly unasked?: boolean;
}

export type Started =
  | { readonly kind: 'started'; readonly run: RunId }
  /** This very project has an unfinished run. */
  | { readonly kind: 'already-running'; readonly run: RunId; readonly project: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

export interface Modernizer {
  start(request: StartRequest): Promise<Started>;
  /** What can be said at once about a project, without starting anything. */
  check(project: ProjectChoice, options: ModernizeOptions): Promise<Target>;
  /** The run that a schedule began for a time, or undefined when it began none. */
  scheduled(schedule: ScheduledFor): Promise<RunId | undefined>;
  /** Every project with how it stands; of everybody when no owner is given. */
  projects(asked: Omit<ProjectsAsked, 'product'>): Promise<Projects>;
  /** Keeps an archive that was sent, for a run to take in. Throws UPLOAD_TOO_LARGE. */
  keepUpload(body: ReadableStream<Uint8Array>): Promise<{ readonly upload: string; readonly bytes: number }>;
  /** Works on a run until it ends, waits for a person, or `down` aborts. Throws RUN_HELD, RUN_OVER, RUN_NOT_FOUND. */
  execute(run: RunId, down: AbortSignal): Promise<RunEnd>;
  /** Lets one agent work in a run; `state` is what the agents before it made, and what it has made is in the answer. */
  executeAgent(
    run: RunId,
    asked: { readonly agent: LoneAgent; readonly state: MigrationState },
    down: AbortSignal,
  ): Promise<{ readonly end: RunEnd; readonly state: MigrationState }>;
  /** The run with this id, or with the only id that begins so. */
  find(idOrPrefix: string): Promise<RunRecord>;
  view(run: RunId): Promise<ModernizationView>;
  result(run: RunId): Promise<ModernizationResult>;
  /** Answers an open decision; throws DECISION_NOT_OPEN or OPTION_UNKNOWN. */
  answer(run: RunId, decision: string, option: string, by: string): Promise<void>;
  /** Asks a run to end. One that nobody works on ends at once; what it has kept stays in its folder. */
  stop(run: RunId, by: string): Promise<void>;
  /** Throws RUN_OVER or RUN_NOT_INTERRUPTED where there is nothing to resume. */
  mayResume(run: RunId): Promise<void>;
  trialLog(run: RunId, trial: string, from: number): Promise<TrialLog>;
  trialEvidence(run: RunId, trial: string): Promise<TrialEvidence>;
  /** Path of one file of the evidence; throws EVIDENCE_MISSING. */
  evidenceFile(run: RunId, trial: string, name: string): Promise<string>;
  /** Path of the HTML report, or undefined while there is none. */
  reportPath(run: RunId): Promise<string | undefined>;
  /** Runs that this kind of owner began and that nobody works on: queued, interrupted, or answered while nobody waited. */
  unattended(startedBy: RunInput['startedBy']): Promise<readonly RunId[]>;
}

/** As much of a log as one answer carries. */
const LOG_BYTES_AT_ONCE = 256 * 1024;
const UNATTENDED_MAX = 100;

export function createModernizer(ports: ModernizerPorts): Modernizer {
  const { journal } = ports;
  const find = (idOrPrefix: string): Promise<RunRecord> => findRun(ports, idOrPrefix);
  const projects = createProjects(journal);
  const rootOf = (run: RunId): string => runFolder(ports.home, run).root;
  return {
    start: (request) => startRun(ports, request),
    check: (project, options) => targetOf(ports, project, options),
    scheduled: (schedule) => scheduledRun(ports, schedule),
    projects: (asked) => projects({ ...asked, product: PRODUCT }),
    keepUpload: (body) => keepUpload(ports, body),
    async execute(run, down) {
      const record = await find(run);
      return executeRun(ports, run, inputOf(record), down);
    },
    async executeAgent(run, asked, down) {
      return executeAgent(ports, { run, input: inputOf(await find(run)), down }, asked);
    },
    find,
    view: (run) => readView(journal, run),
    async result(run) {
      const report = (await reportOf(ports, run)) ?? null;
      return resultOf(await find(run), await readView(journal, run), { root: rootOf(run), report });
    },
    answer: (run, decision, option, by) => answerDecision(ports, run, { decision, option, by }),
    stop: (run, by) => stopRun(ports, run, by),
    async mayResume(id) {
      const run = await find(id);
      if (run.completedAt !== null) throw runOver(run.id, run.status);
      const { decisions } = await readView(journal, id);
      const waits = run.status === 'needs-person' && decisions.some(({ answer }) => answer === null);
      if (waits || run.status === 'running') throw notResumable(run.id, run.status);
    },
    trialLog: (run, trial, from) => readLog(ports, run, { trial, from }),
    trialEvidence: async (run, trial) =>
      readEvidence({ home: ports.home, run, trial, view: await readView(journal, run) }),
    evidenceFile: async (run, trial, name) =>
      evidenceFile({ home: ports.home, run, trial, view: await readView(journal, run) }, name),
    reportPath: (run) => reportOf(ports, run),
    unattended: (startedBy) => unattendedRuns(ports, startedBy),
  };
}

/** What a run of ours was asked: written by `startRun` below, so its shape is known. */
const inputOf = (run: RunRecord): RunInput => run.input as RunInput;

async function startRun(ports: ModernizerPorts, request: StartRequest): Promise<Started> {
  const target = await targetOf(ports, request.project, request.options);
  if (target.kind === 'refused') return target;
  const { startedBy, schedule } = request;
  const allowed = await allowScripts(ports.home, target.project, request.options.allowScripts ?? []);
  const options = allowed.length === 0 ? request.options : { ...request.options, allowScripts: [...allowed] };
  const unasked = request.unasked === true || schedule !== undefined;
  const input: RunInput = {
    project: target.project,
    options,
    startedBy,
    ...(schedule && { schedule }),
    ...(unasked && { unasked }),
  };
  const start = await ports.journal.start({
    product: PRODUCT,
    title: target.title,
    source: SOURCE,
    owner: request.owner,
    input,
    ...(target.project.kind === 'path' ? { exclusiveKey: `${PRODUCT}:${target.project.path}` } : {}),
  });
  if (start.kind === 'started') return { kind: 'started', run: start.run.id };
  return { kind: 'already-running', run: start.run.id, project: target.title };
}

type Target =
  | { readonly kind: 'target'; readonly project: ProjectChoice; readonly title: string }
  | { readonly kind: 'refused'; readonly fault: Fault };

/** What can be said at once about the project; a dirty tree and a missing sample are found out by the run. */
async function targetOf(ports: ModernizerPorts, choice: ProjectChoice, options: ModernizeOptions): Promise<Target> {
  if (choice.kind === 'sample') {
    const spec = readSampleSpec(choice.spec);
    if (spec.kind === 'wrong') return { kind: 'refused', fault: sampleUnknown(choice.spec, spec.why) };
    return { kind: 'target', project: choice, title: `${spec.name}@${spec.version}` };
  }
  if (choice.kind !== 'path') return elsewhere(ports, choice);
  const inspection = await inspectProject(choice.path, options.packageManager ?? null);
  if (inspection.kind === 'refused') return inspection;
  const { path, name } = inspection.project;
  return { kind: 'target', project: { kind: 'path', path }, title: name };
}

/** What can be said at once about an archive or an address; what is in it is found out by the run. */
async function elsewhere(
  ports: ModernizerPorts,
  choice: Exclude<ProjectChoice, { readonly kind: 'path' | 'sample' }>,
): Promise<Target> {
  const target = (title: string): Target => ({ kind: 'target', project: choice, title });
  if (choice.kind === 'git') {
    const address = readGitAddress(choice.url);
    if (address.kind === 'wrong') return { kind: 'refused', fault: addressWrong(choice.url, address.why) };
    const { branch } = choice;
    if (branch === undefined || isBranchName(branch)) return target(address.name);
    return { kind: 'refused', fault: addressWrong(choice.url, `"${branch.slice(0, 50)}" is no name of a branch.`) };
  }
  if (choice.kind === 'upload') {
    await fileOfUpload(ports, choice);
    return target(withoutEnding(choice.name ?? 'archive'));
  }
  const isFile = await stat(choice.path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return { kind: 'refused', fault: notAProject(choice.path, 'There is no archive at that path.') };
  return target(withoutEnding(basename(choice.path)));
}

const withoutEnding = (name: string): string => name.replace(/\.zip$/i, '');

function reportOf(ports: ModernizerPorts, run: RunId): Promise<string | undefined> {
  const { report } = runFolder(ports.home, run);
  return stat(report).then(
    () => report,
    () => undefined,
  );
}

/** It was begun within the last minutes, so it is among the newest. */
async function scheduledRun({ journal }: ModernizerPorts, { id, dueAt }: ScheduledFor): Promise<RunId | undefined> {
  const { runs } = await journal.list({ product: PRODUCT, limit: UNATTENDED_MAX });
  return runs.find((run) => inputOf(run).schedule?.id === id && inputOf(run).schedule?.dueAt === dueAt)?.id;
}

async function unattendedRuns(ports: ModernizerPorts, startedBy: RunInput['startedBy']): Promise<readonly RunId[]> {
  const statuses = ['queued', 'interrupted', 'needs-person'] as const;
  const { runs } = await ports.journal.list({ product: PRODUCT, statuses, limit: UNATTENDED_MAX });
  const found: RunId[] = [];
  for (const run of runs.filter((each) => inputOf(each).startedBy === startedBy)) {
    const waits = run.status === 'needs-person' && openDecisions(await readView(ports.journal, run.id)).length > 0;
    if (!waits) found.push(run.id);
  }
  return found;
}

async function findRun(ports: ModernizerPorts, idOrPrefix: string): Promise<RunRecord> {
  const id = parseId<'run'>(idOrPrefix);
  const exact = id === undefined ? undefined : await ports.journal.get(id);
  if (exact?.product === PRODUCT) return exact;
  const ids = idOrPrefix === '' ? [] : await ports.journal.idsWithPrefix(idOrPrefix.toLowerCase());
  const found = (await Promise.all(ids.map((known) => ports.journal.get(known)))).filter(
    (run) => run?.product === PRODUCT,
  );
  const [run, second] = found;
  if (run === undefined) throw runUnknown(idOrPrefix);
  if (second !== undefined) throw runAmbiguous(idOrPrefix, ids);
  return run;
}

interface Answer {
  readonly decision: string;
  readonly option: string;
  readonly by: string;
}

async function answerDecision(ports: ModernizerPorts, run: RunId, { decision: id, option, by }: Answer): Promise<void> {
  const { decisions } = await readView(ports.journal, run);
  const decision = decisions.find((asked) => asked.id === id);
  if (decision === undefined || decision.answer !== null) throw decisionClosed(id);
  const known = decision.options.map((offered) => offered.id);
  if (!known.includes(option)) throw optionUnknown(option, known);
  await ports.journal.append(run, null, 'decision-made', { id, option, by });
}

async function stopRun(ports: ModernizerPorts, id: RunId, by: string): Promise<void> {
  const run = await findRun(ports, id);
  if (run.completedAt !== null) throw runOver(run.id, run.status);
  await ports.journal.append(id, null, STOP_REQUESTED, { by });
  const claim = await ports.work.claim(id, ports.holder);
  // Whoever holds it hears the request and ends it in order.
  if (claim.kind !== 'claimed') return;
  const { lease } = claim;
  try {
    const reason = 'It was stopped by a person.';
    await ports.journal.append(id, lease.epoch, 'run-finished', { status: 'stopped', reason, next: null });
    await ports.journal.setStatus(id, lease.epoch, 'stopped', reason);
  } finally {
    await lease.release();
  }
}

interface LogQuestion {
  readonly trial: string;
  readonly from: number;
}

async function readLog(ports: ModernizerPorts, run: RunId, { trial, from }: LogQuestion): Promise<TrialLog> {
  const view = await readView(ports.journal, run);
  const known = view.trials.find(({ id }) => id === trial);
  if (known === undefined) throw runUnknown(`${run}, trial ${trial}`);
  const file = join(runFolder(ports.home, run).root, evidenceOf(known.id), LOG_NAME);
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return { text: '', nextFrom: from, complete: known.state === 'finished' };
  try {
    const buffer = Buffer.alloc(LOG_BYTES_AT_ONCE);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    const bytes = wholeCharacters(buffer.subarray(0, bytesRead));
    const complete = known.state === 'finished' && bytesRead < LOG_BYTES_AT_ONCE;
    return { text: bytes.toString('utf8'), nextFrom: from + bytes.length, complete };
  } finally {
    await handle.close();
  }
}

/** Cuts a character off that the end of the buffer splits; it comes with the next piece. */
function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? bytes.subarray(0, bytes.length - back) : bytes;
    }
  }
  return bytes;
}

// What each step runs in the sandbox, and what its outcome means. Pure.

import { bytesText, countText, durationText, unreachable, type HealthCheck } from 'kernel/basics';
import type { Job, Outcome } from 'kernel/sandbox';

import type { Installer, InstallerCommand } from '../ecosystems/installer.ts';
import type { LevelResult, TestCounts, Verdict } from '../protocol/index.ts';
import { readTests } from './read-tests.ts';
import { NO_ENTRY, NO_ENTRY_CODE, type Step } from './steps.ts';
import type { TrialFolder } from './trial-folder.ts';

/** A chatty suite prints a megabyte; eight leave room and still fit in memory many times. */
const OUTPUT_BYTES_MAX = 8 * 1024 * 1024;
/** nyc, babel and a browser-like test runner start some dozens of processes and threads. */
const PROCESSES_MAX = 512;
/** How long a service may take until it listens. */
const START_MS_MAX = 20_000;
const LOAD_MS_MAX = 30_000;

export interface TrialLimits {
  readonly installMs: number;
  readonly stepMs: number;
  readonly memoryBytesMax: number;
}

/** What a step runs; the trial adds its folder, its signal and its log. */
export interface JobParts {
  readonly title: string;
  readonly job: Omit<Job, 'project' | 'signal' | 'onOutput'>;
}

/** What every job is told besides. */
export const JOB_ENVIRONMENT = {
  CI: '1',
  NO_UPDATE_NOTIFIER: '1',
  ADBLOCK: '1',
  DISABLE_OPENCOLLECTIVE: '1',
  // A log of npm's own, which nobody reads here, takes a twelfth of its time.
  npm_config_logs_max: '0',
};

/** What the package manager is asked for: to resolve and install nothing, to install, to install exactly what is locked. */
export type InstallTask = 'resolve' | 'install' | 'install-locked';

export function installJob(installer: Installer, task: InstallTask, cache: string, limits: TrialLimits): JobParts {
  const { title, argv } = commandOf(installer, task);
  const env = { ...JOB_ENVIRONMENT, ...installer.job.env };
  const parts = { ...installer.job, phase: 'install', argv, env, cache } as const;
  return { title, job: { ...parts, limits: jobLimits(limits, limits.installMs) } };
}

function commandOf(installer: Installer, task: InstallTask): InstallerCommand {
  switch (task) {
    case 'resolve':
      return installer.resolve;
    case 'install':
      return installer.install;
    case 'install-locked':
      return installer.installLocked ?? installer.install;
    default:
      return unreachable(task);
  }
}

/** Runs the allowed install scripts: in the phase that has neither registry nor cache, like any code of strangers. */
export function scriptsJob(folder: TrialFolder, names: readonly string[], limits: TrialLimits): JobParts {
  const title = `npm rebuild ${names.join(' ')}`;
  const argv = ['npm', 'rebuild', '--ignore-scripts=false', '--foreground-scripts', '--', ...names] as const;
  const env = { ...JOB_ENVIRONMENT, ...folder.installer.job.env };
  return { title, job: { phase: 'run', argv, env, limits: jobLimits(limits, limits.installMs) } };
}

/** What calls the package manager, or may. */
const calling = ({ installer }: TrialFolder): Pick<JobParts['job'], 'env' | 'programs'> => ({
  ...installer.job,
  env: { ...JOB_ENVIRONMENT, ...installer.job.env },
});

const shell = (folder: TrialFolder, step: Step, limits: TrialLimits): JobParts => ({
  title: step.command,
  job: {
    ...calling(folder),
    phase: 'run',
    argv: ['sh', '-c', step.command],
    limits: jobLimits(limits, limits.stepMs),
  },
});
export const buildJob = shell;
export const testJob = shell;

/** A command that names a runner itself, as a script of a manifest does. */
export const runnerJob = (folder: TrialFolder, command: string, limits: TrialLimits): JobParts => ({
  title: command,
  job: {
    ...calling(folder),
    phase: 'run',
    argv: ['sh', '-c', `PATH="$PWD/node_modules/.bin:$PATH"; export PATH; ${command}`],
    limits: jobLimits(limits, limits.stepMs),
  },
});

export const loadJob = (folder: TrialFolder, step: Step, limits: TrialLimits): JobParts => ({
  title: step.command,
  job: {
    phase: 'run',
    argv: ['node', `${folder.probes.at}/load.mjs`],
    env: JOB_ENVIRONMENT,
    readOnly: [folder.probes],
    limits: jobLimits(limits, Math.min(LOAD_MS_MAX, limits.stepMs)),
  },
});

export const startJob = (folder: TrialFolder, step: Step, limits: TrialLimits): JobParts => ({
  title: `${step.command}, until it answers on loopback`,
  job: {
    phase: 'run',
    argv: ['node', `${folder.probes.at}/start.mjs`, step.command, String(START_MS_MAX)],
    ...calling(folder),
    readOnly: [folder.probes],
    limits: jobLimits(limits, START_MS_MAX + LOAD_MS_MAX),
  },
});

const jobLimits = (limits: TrialLimits, wallMs: number): JobParts['job']['limits'] => ({
  wallMs,
  outputBytesMax: OUTPUT_BYTES_MAX,
  processesMax: PROCESSES_MAX,
  memoryBytesMax: limits.memoryBytesMax,
});

export interface StepVerdict {
  readonly ok: boolean;
  readonly verdict: Verdict;
  readonly sentence: string;
  readonly tests: TestCounts;
  readonly health: readonly HealthCheck[];
}

/** What the outcome of a step says. */
export function verdictOfOutcome(outcome: Outcome, step?: Step): StepVerdict {
  const code = outcome.kind === 'exited' ? outcome.code : 1;
  const tests = readTests(outcome.output, code);
  const health = step?.name === 'start' ? healthIn(outcome.stdout) : [];
  const ok = outcome.kind === 'exited' && code === 0;
  const kind = ok
    ? 'green'
    : outcome.kind === 'timed-out' || outcome.kind === 'too-much-output'
      ? 'timed-out'
      : 'broken';
  const verdict: Verdict = { kind, passed: ok ? 1 : 0, of: 1 };
  return { ok, verdict, sentence: sentenceOf(outcome, { step, tests, health }), tests, health };
}

interface SentenceFacts {
  readonly step: Step | undefined;
  readonly tests: TestCounts;
  readonly health: readonly HealthCheck[];
}

function sentenceOf(outcome: Outcome, { step, tests, health }: SentenceFacts): string {
  const command = step?.command ?? 'The command';
  switch (outcome.kind) {
    case 'timed-out':
      return `${command} did not end within ${durationText(outcome.limitMs)} and was stopped.`;
    case 'too-much-output':
      return `${command} printed more than ${bytesText(outcome.limitBytes)} and was stopped.`;
    case 'out-of-memory':
      return `${command} used more than ${bytesText(outcome.limitBytes)} of memory and was stopped.`;
    case 'too-much-disk':
      return `${command} wrote more than ${bytesText(outcome.limitBytes)}, or ${countText(outcome.limitFiles, 'file')}, to the disk and was stopped.`;
    case 'killed':
      return `${command} was ended by ${outcome.signal}.`;
    case 'stopped':
      return `${command} was stopped.`;
    case 'exited':
      return exitSentence(outcome.code, { step, tests, health });
    default:
      return unreachable(outcome);
  }
}

function exitSentence(code: number, { step, tests, health }: SentenceFacts): string {
  const answer = health.at(-1);
  switch (step?.name) {
    case 'load':
      return loadSentence(code, step);
    case 'start':
      return answer === undefined
        ? `It ended with code ${code}.`
        : `${answer.url === '' ? '' : `${answer.url}: `}${answer.detail}`;
    case 'test':
      if (tests.runner === 'exit-code') return `${step.command} ended with code ${code}.`;
      return `${countsText(tests)}${code !== 0 && tests.failed === 0 ? `, but ${step.command} ended with code ${code}` : ''}.`;
    default:
      return `${step?.command ?? 'It'} ended with code ${code}.`;
  }
}

function loadSentence(code: number, step: Step): string {
  if (code === NO_ENTRY_CODE) return NO_ENTRY;
  const entry = step.command.includes('main entry') ? 'Its main entry' : 'Its command';
  return code === 0 ? `${entry} loads.` : `${entry} cannot be loaded.`;
}

const countsText = ({ passed, failed, skipped }: TestCounts): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

function healthIn(stdout: string): readonly HealthCheck[] {
  const line = stdout.split('\n').findLast((text) => text.startsWith('{"tandem":"start"'));
  if (line === undefined) return [];
  try {
    const { url, ok, status, detail, waitedMs } = JSON.parse(line) as HealthCheck;
    return [{ url: String(url), ok: Boolean(ok), status, detail: String(detail), waitedMs: Number(waitedMs) }];
  } catch {
    // The project's own output broke into our line: then nothing is known of its health.
    return [];
  }
}

interface LevelParts {
  readonly ok: boolean;
  readonly detail: string;
  readonly tests?: TestCounts;
  readonly health?: readonly HealthCheck[];
}

/** `ran`: what it took and was allowed; the time alone where nothing ran. */
export const levelResult = (
  step: Pick<Step, 'level' | 'command'>,
  ran: Pick<LevelResult, 'wallMs' | 'limits' | 'memoryBytesPeak'>,
  parts: LevelParts,
): LevelResult => ({
  level: step.level,
  command: step.command,
  ok: parts.ok,
  detail: parts.detail,
  wallMs: ran.wallMs,
  ...(ran.limits && { limits: ran.limits, memoryBytesPeak: ran.memoryBytesPeak ?? null }),
  tests: parts.tests ?? null,
  health: [...(parts.health ?? [])],
});

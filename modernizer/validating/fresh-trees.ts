// The last proof of what is kept: the suite runs once in each of several fresh installations.
// Rule: each is installed anew by npm, from the lockfile that was resolved, into a folder where nothing has run before.
// When the time is used up in the middle, the proof is as long as it got, and its verdict says so: passed of so many.

import { unreachable } from 'kernel/basics';

import type { LevelResult } from '../protocol/index.ts';
import { judgeTrial, quarantinedIn, suiteSummary, type SuiteRun } from './judge-suite.ts';
import { installAfresh } from './install-tree.ts';
import { runSuiteOnce, takeStep, type TrialPorts } from './take-step.ts';
import type { Judged, TrialQuestion } from './trial.ts';
import type { TrialFolder } from './trial-folder.ts';

/** One that wavers gets a few more trees, as a suite in one tree gets more runs. */
const MORE_TREES_MAX = 5;

/** Null when it was stopped before anything was proven. */
export async function judgeFreshTrees(
  ports: TrialPorts,
  folder: TrialFolder,
  question: TrialQuestion,
): Promise<Judged | null> {
  const { trees, lanes } = question.fresh ?? { trees: 1, lanes: 1 };
  const runs: SuiteRun[] = [];
  const levels: LevelResult[] = [];
  let begun = 0;
  let end: { readonly judged: Judged | null } | undefined;
  const take = (result: InTree): void => {
    switch (result.kind) {
      case 'stopped':
        end ??= { judged: provenSoFar(runs, levels) };
        break;
      case 'failed':
        end ??= { judged: { ...result.judged, levels: [...levels, ...result.judged.levels] } };
        break;
      case 'ran': {
        levels.push(...result.levels);
        runs.push(result.run);
        const judgement = judgeTrial(runs, trees, question.steadiness);
        if (judgement.kind === 'judged') end ??= { judged: judgedBy(runs, levels, judgement.verdict) };
        break;
      }
      default:
        unreachable(result);
    }
  };
  // Beyond the trees that were asked for, each waits for what the ones before it said.
  const mayBegin = (): boolean =>
    end === undefined && (begun < trees || (begun < trees + MORE_TREES_MAX && runs.length === begun));
  const lane = async (): Promise<void> => {
    while (mayBegin()) {
      begun += 1;
      take(await inFreshTree(ports, folder, { question, number: begun }));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (end !== undefined) return end.judged;
  const passed = runs.filter(({ green }) => green).length;
  return judgedBy(runs, levels, { kind: 'broken', passed, of: runs.length });
}

type InTree =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly judged: Judged }
  | { readonly kind: 'ran'; readonly run: SuiteRun; readonly levels: readonly LevelResult[] };

interface Asked {
  readonly question: TrialQuestion;
  readonly number: number;
}

async function inFreshTree(ports: TrialPorts, folder: TrialFolder, { question, number }: Asked): Promise<InTree> {
  const fresh = await folder.fresh(`fresh-${number}`);
  try {
    return await judgedIn(ports, fresh.folder, { question, number });
  } finally {
    await fresh.close();
  }
}

async function judgedIn(ports: TrialPorts, folder: TrialFolder, { question, number }: Asked): Promise<InTree> {
  const { limits } = question;
  await folder.log(`\n# fresh tree ${number}\n`);
  await ports.onStep('install', number);
  const installed = await installAfresh(ports, folder, limits);
  if (installed === null) return { kind: 'stopped' };
  const levels: LevelResult[] = [installed.level];
  if (installed.kind === 'failed') {
    const { verdict, summary, resolver } = installed;
    return { kind: 'failed', judged: { verdict, levels, tests: null, summary, resolver } };
  }
  for (const step of question.steps) {
    if (step.name === 'test') {
      const result = await runSuiteOnce(ports, folder, step, { number, limits });
      if (result === null) return { kind: 'stopped' };
      levels.push(result.level);
      if (result.limit === null) return { kind: 'ran', run: result.run, levels };
      const { tests } = result.run;
      return { kind: 'failed', judged: { verdict: result.limit, levels, tests, summary: result.level.detail } };
    }
    const result = await takeStep(ports, folder, step, limits);
    if (result === null) return { kind: 'stopped' };
    levels.push(result.level);
    if (!result.level.ok) {
      const judged = { verdict: result.verdict, levels, tests: null, summary: result.level.detail };
      return { kind: 'failed', judged };
    }
  }
  return { kind: 'ran', run: { green: true, tests: NO_TESTS }, levels };
}

const NO_TESTS = { passed: 1, failed: 0, skipped: 0, failing: [], runner: 'exit-code' };

function provenSoFar(runs: readonly SuiteRun[], levels: readonly LevelResult[]): Judged | null {
  if (runs.length === 0 || runs.some(({ green }) => !green)) return null;
  return judgedBy(runs, levels, { kind: 'green', passed: runs.length, of: runs.length });
}

function judgedBy(runs: readonly SuiteRun[], levels: readonly LevelResult[], verdict: Judged['verdict']): Judged {
  const tests = runs.find(({ green }) => green === (verdict.kind !== 'broken'))?.tests ?? NO_TESTS;
  const summary = `${runs.length} fresh trees. ${suiteSummary(verdict, tests)}`;
  return { verdict, levels, tests, summary, quarantined: quarantinedIn(runs, verdict) };
}

// Tries the changes of code that follow from causes: each refused upgrade that has one, on top of what is kept.
// Rule: one change for each upgrade, and only what is green in fresh trees is kept with it; a change that is red is told
// with its trial, and nothing that was kept before is lost for it. Two changes of one file are tried together where they
// touch different places of it.
// Not here: older versions and partners, which the search tries by itself (validating/search/), and models.

import { isKept, type FixAttempt, type Verdict } from '../protocol/index.ts';
import { filesTogether } from '../diagnosing/rewriting/files-together.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import { BASELINE_RUNS } from '../validating/judge-suite.ts';
import { chosen } from './chosen.ts';
import type { Execution } from './execution.ts';
import { FRESH_TREES } from './settle.ts';
import type { Mend, MendAnswer, Settlement } from './state.ts';
import { tellProgress } from './tell-progress.ts';
import type { Asked, RewrittenFile } from './trial-question.ts';
import type { Answered, Trials } from './trials.ts';

interface Mending {
  readonly plan: Plan;
  readonly trials: Trials;
  readonly settlement: Settlement;
  readonly mends: readonly Mend[];
}

export interface Mended {
  readonly settlement: Settlement;
  readonly mends: readonly Mend[];
}

export async function mend(execution: Execution, { plan, trials, ...begun }: Mending): Promise<Mended> {
  let { settlement } = begun;
  const mends: Mend[] = [];
  for (const [place, open] of begun.mends.entries()) {
    await tellProgress(execution, {
      phase: 'Trying refused upgrades with a change of code',
      ahead: begun.mends.length - place,
      known: execution.record.view().trials.length,
    });
    const answer = open.answer ?? (await tried(execution, { plan, trials, settlement, mends, mend: open }));
    mends.push({ ...open, answer });
    // Tried when the validator was here before.
    if (open.answer !== null) continue;
    if (isKept(answer.verdict)) {
      settlement = keptWith(settlement, open, answer);
      await tellMended(execution, open, answer);
    } else await tellAttempt(execution, open, answer);
  }
  return { settlement, mends };
}

interface Trying extends Mending {
  readonly mend: Mend;
}

const NOT_TRIED: Verdict = { kind: 'timed-out', passed: 0, of: 0 };

/** Green first in one tree, then in fresh ones: the proof is dear, and most changes fail at once or not at all. */
async function tried(
  execution: Execution,
  { plan, trials, settlement, mends, mend }: Trying,
): Promise<NonNullable<Mend['answer']>> {
  const before = mends.filter(({ answer }) => answer !== null && isKept(answer.verdict));
  const rewritten = filesTogether([...before, mend].map(({ files }) => files));
  if (rewritten.kind === 'same-place') {
    const why = `${rewritten.path} is changed at the same place already, for another upgrade.`;
    return { verdict: NOT_TRIED, trial: null, why };
  }
  const picks = [...settlement.kept.filter(({ name }) => name !== mend.name), { name: mend.name, to: mend.to }];
  const asked: Asked = {
    purpose: 'mended',
    upgrades: chosen(plan, picks),
    greenRunsWanted: BASELINE_RUNS,
    why: `${mend.name} ${mend.to} was refused; with ${mend.files.length === 0 ? 'an install script' : 'this change of code'} it may be green. ${mend.sentence}`,
    rewrites: rewritten.files.map(({ path, after }) => ({ path, after })),
  };
  const first = await answerTo(execution, trials, asked);
  if (first === null) return { verdict: NOT_TRIED, trial: null, why: 'The run had to end before it was tried.' };
  if (!isKept(first.result.verdict)) return told(first, first.result.summary);
  const proof = await answerTo(execution, trials, { ...asked, freshTrees: FRESH_TREES });
  if (proof === null)
    return { verdict: NOT_TRIED, trial: first.trial, why: 'The run had to end before it was proven.' };
  return told(proof, proof.result.summary);
}

/** Of changes that were tried together, or some of them. */
export function rewritesOf(mends: readonly Mend[]): readonly RewrittenFile[] {
  const rewritten = filesTogether(mends.map(({ files }) => files));
  if (rewritten.kind === 'same-place') throw new RangeError(`Two kept changes touch one place of ${rewritten.path}.`);
  return rewritten.files.map(({ path, after }) => ({ path, after }));
}

const told = ({ trial, result }: Answered, why: string): MendAnswer => ({ verdict: result.verdict, trial, why });

async function answerTo(execution: Execution, trials: Trials, asked: Asked): Promise<Answered | null> {
  if (execution.signals.any.aborted) return null;
  return (await trials.known(asked)) ?? (await trials.ask(asked));
}

/** All that is kept was proven anew, with the change. Pure. */
function keptWith(settlement: Settlement, { name, to }: Mend, { verdict, trial }: MendAnswer): Settlement {
  const kept = [...settlement.kept.filter((each) => each.name !== name), { name, to, verdict, trial: trial ?? '' }];
  return {
    ...settlement,
    kept: kept.map((each) => ({ ...each, verdict, trial: trial ?? '' })),
    refused: settlement.refused.filter((each) => each.name !== name),
    proof: verdict,
  };
}

async function tellMended(execution: Execution, mended: Mend, { verdict, trial }: MendAnswer): Promise<void> {
  const { name, to, sentence, files } = mended;
  const rewrite = { sentence, files: files.map(({ path, places }) => ({ path, places: [...places] })) };
  await execution.record.emit('upgrade-kept', { name, to, verdict, trial: trial ?? '', rewrite });
}

/** What is refused stays as it was told, with what was tried. */
async function tellAttempt(
  execution: Execution,
  { name, sentence }: Mend,
  { verdict, trial, why }: MendAnswer,
): Promise<void> {
  const upgrade = execution.record.view().upgrades.find((each) => each.name === name);
  if (upgrade?.state !== 'refused') return;
  const attempt: FixAttempt = { sentence: `${sentence} ${why}`, verdict, trial };
  await execution.record.emit('upgrade-refused', {
    name,
    to: upgrade.to,
    verdict: upgrade.verdict ?? NOT_TRIED,
    cause: upgrade.cause ?? '',
    where: [...upgrade.where],
    trial: upgrade.trial,
    evidence: upgrade.evidence ?? 'package.json',
    diagnosis: upgrade.diagnosis,
    attempts: [...upgrade.attempts.filter((before) => before.sentence !== attempt.sentence), attempt],
  });
}

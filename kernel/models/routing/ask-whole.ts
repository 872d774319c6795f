// Asking for an answer that comes whole. Nothing of it is shown before it is there, so a failure costs a new attempt and
// nothing has to be joined.

import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
} from '@ai-sdk/provider';

import { toFault } from '../../basics/index.ts';
import type { Guard, Verdict } from '../../guard/index.ts';
import { closedAlready, tooLate } from '../faults.ts';
import type { Caller } from '../models.ts';
import { optionsFor } from '../providers/providers.ts';
import type { AskPorts, Question } from './ask.ts';
import type { Attempt } from './attempt.ts';
import { CallScope } from './call-scope.ts';
import { continuing } from './continuing.ts';
import { Broken, TOO_LATE, type Failure } from './failures.ts';
import { guardedPrompt, REFUSED_TEXT } from './guarded-prompt.ts';
import { Pursuit, type Call } from './pursuit.ts';
import { stitch } from './stitch.ts';
import { sourceOf, Tally, verdictText } from './tally.ts';

interface Asking {
  readonly ports: AskPorts;
  readonly question: Question;
  readonly call: Call;
  readonly scope: CallScope;
  readonly pursuit: Pursuit;
  readonly tally: Tally;
}

export async function askForWhole(
  ports: AskPorts,
  question: Question,
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4GenerateResult> {
  if (ports.underWay.isClosed) throw closedAlready();
  const scope = new CallScope(ports.clock, ports.limits.callMs, options.abortSignal);
  ports.underWay.add(scope);
  try {
    const call: Call = { ...question, id: ports.newCallId(), ending: scope.ending };
    const asking = { ports, question, call, scope, pursuit: new Pursuit(ports, call), tally: new Tally(call.id) };
    const guarded = await guardedPrompt(question.caller, options);
    if (guarded.verdict?.kind === 'refused') return refused(asking, guarded.verdict);
    return await pursued(asking, guarded.options, guarded.verdict);
  } catch (thrown) {
    if (!(thrown instanceof Broken)) throw thrown;
    const isLate = scope.ending.reason instanceof Broken && scope.ending.reason.failure.kind === TOO_LATE.kind;
    throw isLate ? tooLate(question.name, thrown.failure) : scope.thrown();
  } finally {
    scope.end();
  }
}

async function pursued(
  asking: Asking,
  options: LanguageModelV4CallOptions,
  before: Verdict | undefined,
): Promise<LanguageModelV4GenerateResult> {
  const { pursuit, question, scope, tally } = asking;
  const { caller } = question;
  for (;;) {
    const attempt = await pursuit.next((leg) => {
      const asked = continuing(options, caller.alreadySaid ?? '');
      const providerOptions = optionsFor(leg.provider, question.route, asked.providerOptions);
      return providerOptions === undefined ? asked : { ...asked, providerOptions };
    });
    tally.source = sourceOf(attempt.leg, pursuit.attempts);
    try {
      const answer = await attempt.whole(scope.ending);
      const { content, verdict } = await judged(caller, before, answer.content);
      await attempt.mayBeGiven();
      await settle(asking, attempt, { failure: undefined, verdict });
      if (verdict?.kind === 'refused') return refused(asking, verdict);
      const providerMetadata = tally.metadata(answer.providerMetadata, verdict);
      return { ...answer, content, usage: tally.usage(), providerMetadata };
    } catch (thrown) {
      const failure = pursuit.failed(attempt, thrown);
      await settle(asking, attempt, { failure, verdict: undefined });
      if (failure.kind === 'cancelled' || scope.ending.aborted) throw new Broken(failure);
      const fault = pursuit.verdictOn(attempt, failure);
      if (fault !== undefined) throw fault;
    }
  }
}

interface Outcome {
  readonly failure: Failure | undefined;
  readonly verdict: Verdict | undefined;
}

async function settle({ ports, call, tally }: Asking, attempt: Attempt, { failure, verdict }: Outcome): Promise<void> {
  try {
    tally.add(await attempt.settle(failure, verdictText(verdict)));
  } catch (thrown) {
    const { message } = toFault(thrown, 'Settling');
    ports.log({ kind: 'settling-failed', call: call.id, leg: attempt.leg.name, why: message });
  }
}

/** The texts of an answer as the guard lets them go; everything else of a refused one goes nowhere. */
async function judged(
  caller: Caller,
  before: Verdict | undefined,
  content: readonly LanguageModelV4Content[],
): Promise<{ readonly content: LanguageModelV4Content[]; readonly verdict: Verdict | undefined }> {
  const said = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const text = stitch(caller.alreadySaid ?? '', said);
  const { guard } = caller;
  const passed = guard === undefined ? { text, verdict: undefined } : await throughGuard(guard, caller.audience, text);
  const verdict = passed.verdict?.kind === 'passed' ? before : passed.verdict;
  if (passed.text === said) return { content: [...content], verdict };
  const first = content.findIndex((part) => part.type === 'text');
  const changed = content.flatMap((part, index): LanguageModelV4Content[] => {
    if (part.type !== 'text') return [part];
    return index === first && passed.text !== '' ? [{ ...part, text: passed.text }] : [];
  });
  return { content: changed, verdict };
}

async function throughGuard(guard: Guard, audience: string, text: string) {
  try {
    const answer = guard.answer(audience);
    const first = await answer.push(text);
    const rest = await answer.end();
    return { text: first.text + rest.text, verdict: rest.verdict };
  } catch {
    // A guard that breaks is a closed gate; what it threw may hold the words that it judged.
    const verdict: Verdict = { kind: 'refused', by: 'guard', reason: 'The guard failed.', instead: null };
    return { text: '', verdict };
  }
}

const refused = ({ tally }: Asking, verdict: Extract<Verdict, { kind: 'refused' }>): LanguageModelV4GenerateResult => ({
  content: [{ type: 'text', text: verdict.instead ?? REFUSED_TEXT }],
  finishReason: { unified: 'content-filter', raw: 'guard' },
  usage: tally.usage(),
  providerMetadata: tally.metadata(undefined, verdict),
  warnings: [],
});

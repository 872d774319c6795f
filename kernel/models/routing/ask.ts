// Asking for an answer that is told as it comes: attempt after attempt, until one ends well or no other may be made.
// Rule: the first part comes only when something is there, so that a call that fails before throws instead of ending in
// a stream that says so. What fails later is told as an error in the stream, after which it ends.

import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamResult,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';

import { toFault, type Fault } from '../../basics/index.ts';
import { sourceChanged } from '../answer-notes.ts';
import { answerTooLong, brokeAfterTool, closedAlready, continuedBadly, tooLate } from '../faults.ts';
import type { Route } from '../models.ts';
import { optionsFor } from '../providers/providers.ts';
import type { Attempt } from './attempt.ts';
import { CallScope, type CallsUnderWay } from './call-scope.ts';
import { continuing, isBrokenJson } from './continuing.ts';
import { Broken, CANCELLED, EMPTY, TOO_LATE, type Failure } from './failures.ts';
import { guardedPrompt, REFUSED_TEXT } from './guarded-prompt.ts';
import type { Leg } from './legs.ts';
import { Pursuit, refusalOf, type Call, type PursuitPorts } from './pursuit.ts';
import { sourceOf, Tally, verdictText } from './tally.ts';
import { Telling, type Part } from './telling.ts';

export interface AskPorts extends PursuitPorts {
  readonly underWay: CallsUnderWay;
  newCallId(): string;
}

export interface Question extends Omit<Call, 'id' | 'ending'> {
  readonly route: Pick<Route, 'options'>;
}

type Finish = Extract<Part, { type: 'finish' }>;

/** How an attempt ended. Left: its reader is gone. */
type End =
  | { readonly kind: 'finished'; readonly finish: Finish }
  | { readonly kind: 'refused' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly failure: Failure }
  | { readonly kind: 'left' };

interface Asking {
  readonly ports: AskPorts;
  readonly question: Question;
  readonly call: Call;
  readonly options: LanguageModelV4CallOptions;
  readonly scope: CallScope;
  readonly pursuit: Pursuit;
  readonly telling: Telling;
  readonly tally: Tally;
}

export async function askForStream(
  ports: AskPorts,
  question: Question,
  options: LanguageModelV4CallOptions,
): Promise<LanguageModelV4StreamResult> {
  if (ports.underWay.isClosed) throw closedAlready();
  const scope = new CallScope(ports.clock, ports.limits.callMs, options.abortSignal);
  ports.underWay.add(scope);
  const parts = told(ports, question, { options, scope });
  const first = await parts.next();
  return { stream: streamOf(parts, first, scope) };
}

/** Pulled part by part; a reader that leaves, or whoever ends the call, ends the attempt that is under way. */
function streamOf(
  parts: AsyncGenerator<Part, void>,
  first: IteratorResult<Part, void>,
  scope: CallScope,
): ReadableStream<Part> {
  let waiting: IteratorResult<Part, void> | undefined = first;
  // Nobody may be reading when it is ended; its line is settled all the same.
  const end = (): void => void parts.return().catch(() => undefined);
  if (scope.ending.aborted) end();
  scope.ending.addEventListener('abort', end);
  return new ReadableStream<Part>(
    {
      async pull(controller) {
        const next = waiting ?? (await parts.next());
        waiting = undefined;
        if (next.done !== true) return controller.enqueue(next.value);
        scope.ending.removeEventListener('abort', end);
        if (scope.ending.aborted) throw scope.thrown();
        controller.close();
      },
      async cancel() {
        scope.cancel();
        await scope.over;
      },
    },
    { highWaterMark: 0 },
  );
}

async function* told(
  ports: AskPorts,
  question: Question,
  { options, scope }: { readonly options: LanguageModelV4CallOptions; readonly scope: CallScope },
): AsyncGenerator<Part, void> {
  try {
    const { caller } = question;
    const guarded = await guardedPrompt(caller, options);
    const call: Call = { ...question, id: ports.newCallId(), ending: scope.ending };
    const tally = new Tally(call.id);
    const telling = new Telling({
      guard: caller.guard?.answer(caller.audience),
      alreadySaid: caller.alreadySaid ?? '',
      includeRaw: options.includeRawChunks === true,
    });
    if (guarded.verdict !== undefined) telling.verdict = guarded.verdict;
    const asking = {
      ports,
      question,
      call,
      scope,
      tally,
      telling,
      pursuit: new Pursuit(ports, call),
      options: guarded.options,
    };
    if (telling.isRefused) yield* refused(asking);
    else yield* pursued(asking);
  } finally {
    scope.end();
  }
}

async function* pursued(asking: Asking): AsyncGenerator<Part, void> {
  const { telling, scope } = asking;
  try {
    yield* attempts(asking);
  } catch (thrown) {
    const isEnded = scope.ending.aborted && endedByOthers(scope);
    if (isEnded) throw scope.thrown();
    const fault = toFault(
      thrown instanceof Broken ? tooLate(asking.question.name, thrown.failure) : thrown,
      'The answer',
    );
    if (!telling.hasGiven) throw fault;
    yield* telling.close();
    yield { type: 'error', error: fault };
    yield finishPart(asking, { unified: 'error', raw: fault.code });
  }
}

const endedByOthers = ({ ending }: CallScope): boolean =>
  !(ending.reason instanceof Broken && ending.reason.failure.kind === TOO_LATE.kind);

async function* attempts(asking: Asking): AsyncGenerator<Part, void> {
  const { pursuit, telling, tally, question } = asking;
  let why = '';
  for (;;) {
    const attempt = await pursuit.next((leg) => optionsOf(asking, leg));
    tally.source = sourceOf(attempt.leg, pursuit.attempts);
    const closing = telling.beginAttempt();
    if (telling.hasGiven) yield sourceChanged({ source: tally.source, why });
    yield* closing;
    const end = yield* attempted(asking, attempt);
    if (end.kind === 'finished') return yield finishPart(asking, end.finish.finishReason, end.finish.providerMetadata);
    if (end.kind === 'refused') return yield* refused(asking);
    if (end.kind === 'left') return;
    if (end.kind === 'fault') throw end.fault;
    const { failure } = end;
    if (failure.kind === 'cancelled' || asking.scope.ending.aborted) throw new Broken(failure);
    if (telling.toolCalls > 0) {
      if (!question.caller.toolsAreHarmless) throw brokeAfterTool(refusalOf(attempt.leg, failure));
      // What its tools give brings the next question, which has all that the reader saw.
      yield* await telling.end();
      return yield finishPart(asking, { unified: 'tool-calls', raw: undefined });
    }
    const fault = pursuit.verdictOn(attempt, failure);
    if (fault !== undefined) throw fault;
    why = failure.why;
  }
}

/** One attempt; its line is settled whatever comes, also where the reader leaves in the middle. */
async function* attempted(asking: Asking, attempt: Attempt): AsyncGenerator<Part, End> {
  const { telling, scope, pursuit } = asking;
  let end: End = { kind: 'left' };
  try {
    for await (const part of attempt.parts(scope.ending)) {
      const given = part.type === 'finish' ? await telling.end() : await telling.take(part);
      const reached = reachedEnd(asking, attempt, part);
      if (reached?.kind !== 'failed') yield* given;
      if (reached === undefined) continue;
      end = reached;
      break;
    }
  } catch (thrown) {
    end = { kind: 'failed', failure: pursuit.failed(attempt, thrown) };
  } finally {
    await settled(asking, attempt, end);
  }
  return end;
}

/** Undefined while it goes on. */
function reachedEnd(asking: Asking, attempt: Attempt, part: Part): End | undefined {
  const { telling, options, ports, pursuit, question } = asking;
  if (telling.isRefused) return { kind: 'refused' };
  if (telling.said.length > ports.limits.answerCharsMax) {
    const failure: Failure = { ...CANCELLED, code: 'too-long', why: 'It went on for longer than any answer may.' };
    return { kind: 'fault', failure, fault: answerTooLong(refusalOf(attempt.leg, failure)) };
  }
  if (part.type !== 'finish') return undefined;
  if (telling.isEmpty && part.finishReason.unified === 'stop') {
    return { kind: 'failed', failure: pursuit.failed(attempt, new Broken(EMPTY)) };
  }
  const isJoined = pursuit.attempts > 1 || question.caller.alreadySaid !== undefined;
  if (isJoined && isBrokenJson(options, telling.said)) {
    return { kind: 'fault', failure: EMPTY, fault: continuedBadly(refusalOf(attempt.leg, EMPTY)) };
  }
  return { kind: 'finished', finish: part };
}

const FAILURE_OF: Readonly<Record<'finished' | 'refused' | 'left', Failure | undefined>> = {
  finished: undefined,
  refused: { ...CANCELLED, code: 'refused-by-guard' },
  left: CANCELLED,
};

/** The line of an attempt is in the ledger already; one that cannot be settled now is closed by `recover` later. */
async function settled({ ports, call, telling, tally, question }: Asking, attempt: Attempt, end: End): Promise<void> {
  const failure = 'failure' in end ? end.failure : FAILURE_OF[end.kind];
  const verdict = verdictText(question.caller.guard === undefined ? undefined : telling.verdict);
  try {
    tally.add(await attempt.settle(failure, verdict));
  } catch (thrown) {
    const { message } = toFault(thrown, 'Settling');
    ports.log({ kind: 'settling-failed', call: call.id, leg: attempt.leg.name, why: message });
  }
}

function optionsOf({ options, question, telling }: Asking, leg: Leg): LanguageModelV4CallOptions {
  const providerOptions = optionsFor(leg.provider, question.route, options.providerOptions);
  const asked = continuing(options, telling.said);
  return providerOptions === undefined ? asked : { ...asked, providerOptions };
}

async function* refused(asking: Asking): AsyncGenerator<Part, void> {
  const { telling } = asking;
  const instead = telling.verdict.kind === 'refused' ? telling.verdict.instead : null;
  yield* telling.instead(instead ?? REFUSED_TEXT);
  yield finishPart(asking, { unified: 'content-filter', raw: 'guard' });
}

const finishPart = (
  { tally, telling, question }: Asking,
  finishReason: LanguageModelV4FinishReason,
  metadata?: SharedV4ProviderMetadata,
): Finish => ({
  type: 'finish',
  finishReason,
  usage: tally.usage(),
  providerMetadata: tally.metadata(metadata, question.caller.guard === undefined ? undefined : telling.verdict),
});

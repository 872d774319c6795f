// One attempt: its line in the ledger from before it is sent until it is settled, and its answer as it comes.
// Rule: whatever happens, the line is settled exactly once; what a provider does not say is counted.
// Rule: two limits of time run while we wait for the provider, never while a reader or a guard keeps us waiting. They
// count ticks of the clock, not differences of its readings, so a clock that jumps neither ends nor keeps an answer.

import type {
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider';

import type { Clock } from '../../basics/index.ts';
import { SYNCED_WITHIN_MS, type AttemptId, type LedgerLine, type Spending, type Usage } from '../../spending/index.ts';
import { Broken, BROKEN_OFF, EMPTY, FIRST_TOKEN_LATE, STALLED, type Failure } from './failures.ts';
import type { Leg, Legs } from './legs.ts';
import type { RoutingLimits } from './limits.ts';
import { countTokens, promptText, roughTokens } from './tokens.ts';
import { chargedUsage, type Charged } from './usage.ts';

export interface AttemptPorts {
  readonly spending: Spending;
  readonly clock: Clock;
  readonly legs: Legs;
  readonly limits: RoutingLimits;
  /** Milliseconds that only go forward, from any start. */
  stopwatch(): number;
}

type Part = LanguageModelV4StreamPart;
type FinishPart = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

/** A stall is found within a quarter of its limit. */
const TICKS = 4;
/** Nothing counted as used. */
const NOTHING: Usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 };

export interface Settled {
  readonly line: LedgerLine;
  readonly charged: Charged;
}

interface Begun {
  readonly id: AttemptId;
  readonly leg: Leg;
  readonly worstCase: Usage;
  readonly options: LanguageModelV4CallOptions;
  /** Once its line would survive a power cut. */
  onDisk(): Promise<void>;
}

export class Attempt {
  readonly leg: Leg;
  readonly #begun: Begun;
  readonly #ports: AttemptPorts;
  readonly #startedAtMs: number;
  readonly #stop = new AbortController();
  #firstTokenMs: number | null = null;
  /** Everything the model said, thoughts and inputs of tools too: it is paid for. */
  #said = '';
  #usage: LanguageModelV4Usage | undefined;
  #hasHeaders = false;
  #notedAtMs: number;
  #waiting = false;
  #progress = 0;
  #settling: Promise<Settled> | undefined;

  constructor(ports: AttemptPorts, begun: Begun) {
    this.#ports = ports;
    this.#begun = begun;
    this.leg = begun.leg;
    this.#startedAtMs = ports.stopwatch();
    this.#notedAtMs = this.#startedAtMs;
  }

  /** The parts, `finish` last. Throws a failure, or what the provider threw. */
  async *parts(ending: AbortSignal): AsyncGenerator<LanguageModelV4StreamPart, void> {
    const { firstTokenMs, stallMs } = this.#ports.limits;
    const stop = (): void => this.#stop.abort(ending.reason);
    if (ending.aborted) stop();
    ending.addEventListener('abort', stop);
    const unwatch = this.#watch(firstTokenMs, stallMs);
    let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined;
    const cancel = (): void => void reader?.cancel().catch(ignored);
    try {
      reader = (await this.#opened()).getReader();
      this.#stop.signal.addEventListener('abort', cancel);
      for await (const part of this.#onceOnDisk(reader)) {
        if (part.type === 'finish') {
          yield sound(part, this.#said);
          return;
        }
        this.#take(part);
        yield part;
      }
    } finally {
      unwatch();
      ending.removeEventListener('abort', stop);
      this.#stop.signal.removeEventListener('abort', cancel);
      cancel();
      // Tells the provider to stop, where a reader left or a part was refused.
      if (this.#usage === undefined) this.#stop.abort(new Broken(BROKEN_OFF));
    }
  }

  /** The whole answer at once. None of it may be given to anybody before `mayBeGiven`. */
  async whole(ending: AbortSignal): Promise<LanguageModelV4GenerateResult> {
    const { wholeMs } = this.#ports.limits;
    const stop = (): void => this.#stop.abort(ending.reason);
    if (ending.aborted) stop();
    ending.addEventListener('abort', stop);
    this.#waiting = true;
    const unwatch = this.#watch(wholeMs, wholeMs);
    try {
      const model = await this.leg.open();
      const answer = await this.#unlessStopped(model.doGenerate(this.#options()));
      this.#usage = answer.usage;
      this.#hasHeaders = true;
      this.#said = answer.content
        .map((part) =>
          part.type === 'text' || part.type === 'reasoning' ? part.text : part.type === 'tool-call' ? part.input : '',
        )
        .join('');
      if (isBroken(answer.finishReason, answer.usage, this.#said)) throw new Broken(BROKEN_OFF);
      if (answer.content.length === 0 && answer.finishReason.unified === 'stop') throw new Broken(EMPTY);
      return answer;
    } finally {
      unwatch();
      ending.removeEventListener('abort', stop);
    }
  }

  /** Once the line of this attempt would survive a power cut; for what came sooner than syncs do, see decision 0028. */
  async mayBeGiven(): Promise<void> {
    if (this.#ports.stopwatch() - this.#startedAtMs >= SYNCED_WITHIN_MS) await this.#begun.onDisk();
  }

  /** A second call gives what the first one did. `failure` is undefined for a good end. */
  settle(failure: Failure | undefined, verdict: string | null): Promise<Settled> {
    this.#settling ??= this.#settle(failure, verdict);
    return this.#settling;
  }

  async #settle(failure: Failure | undefined, verdict: string | null): Promise<Settled> {
    const { spending, legs, clock, stopwatch } = this.#ports;
    legs.end(this.leg, failure, clock.now());
    const tookMs = Math.round(stopwatch() - this.#startedAtMs);
    const charged = await this.#charged(failure);
    const isPaid = charged.usage.inputTokens + charged.usage.outputTokens > 0;
    const line = await spending.settle(this.#begun.id, {
      outcome: failure === undefined ? 'ok' : isPaid ? 'cut' : 'failed',
      usage: charged.usage,
      isEstimated: charged.isEstimated,
      firstTokenMs: this.#firstTokenMs,
      tookMs,
      error: failure?.code ?? null,
      verdict,
    });
    legs.noteCost(this.leg, line.costMicroUsd, verdict?.startsWith('refused') === true);
    return { line, charged };
  }

  /** Nothing is charged where the provider turned us away; from its first header on, at least what was sent. */
  async #charged(failure: Failure | undefined): Promise<Charged> {
    const hasBegun = this.#hasHeaders || this.#said !== '' || failure === undefined || failure.hadBegun;
    if (!hasBegun) return { usage: NOTHING, isEstimated: false };
    const { options, worstCase } = this.#begun;
    return chargedUsage(this.#usage, worstCase, this.#said.length, async () => ({
      inputTokens: await countTokens(promptText(options)),
      outputTokens: await countTokens(this.#said),
    }));
  }

  #options(): LanguageModelV4CallOptions {
    return { ...this.#begun.options, abortSignal: this.#stop.signal };
  }

  async #opened(): Promise<ReadableStream<LanguageModelV4StreamPart>> {
    this.#waiting = true;
    const model = await this.leg.open();
    const asked = Promise.resolve(model.doStream(this.#options()));
    try {
      const { stream } = await this.#unlessStopped(asked);
      this.#hasHeaders = true;
      return stream;
    } catch (error) {
      // It may still open; nobody will read it.
      if (this.#stop.signal.aborted) asked.then(({ stream }) => stream.cancel(), ignored);
      throw error;
    } finally {
      this.#waiting = false;
    }
  }

  /**
   * The parts, none of them before the line of this attempt would survive a power cut. What comes earlier is taken at
   * once and kept: a connection that breaks meanwhile must not take it along.
   */
  async *#onceOnDisk(reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>): AsyncGenerator<Part> {
    const onDisk = this.#begun.onDisk().then(() => 'on disk' as const);
    const early: Part[] = [];
    let broke: { readonly error: unknown } | undefined;
    for (let isOnDisk = false; !isOnDisk && broke === undefined && early.at(-1)?.type !== 'finish';) {
      const next = this.#read(reader);
      // Where the disk fails first, nobody waits for it any more.
      next.catch(ignored);
      const first = await Promise.race([onDisk, next]).catch((error: unknown) => ({ error }));
      if (first !== 'on disk') {
        if ('error' in first && !('type' in first)) broke = first;
        else early.push(first as Part);
        continue;
      }
      isOnDisk = true;
      yield* early.splice(0);
      yield await next;
    }
    await this.#unlessStopped(onDisk);
    yield* early;
    if (broke !== undefined) throw broke.error;
    for (;;) yield await this.#read(reader);
  }

  async #unlessStopped<T>(work: PromiseLike<T>): Promise<T> {
    const { signal } = this.#stop;
    signal.throwIfAborted();
    let stop = (): void => undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      // A failure of ours or the reason of who aborted; both are told apart where failures are decided.
      // oxlint-disable-next-line prefer-promise-reject-errors
      stop = () => reject(signal.reason);
      signal.addEventListener('abort', stop);
    });
    try {
      return await Promise.race([work, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #read(reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart>): Promise<LanguageModelV4StreamPart> {
    this.#waiting = true;
    const { done, value } = await reader.read();
    this.#waiting = false;
    this.#stop.signal.throwIfAborted();
    if (done) throw new Broken(BROKEN_OFF);
    if (value.type === 'error') throw value.error;
    if (value.type === 'finish') this.#usage = value.usage;
    return value;
  }

  #take(part: LanguageModelV4StreamPart): void {
    const isWord = part.type === 'text-delta' || part.type === 'reasoning-delta' || part.type === 'tool-input-delta';
    if (part.type === 'stream-start' || part.type === 'response-metadata' || part.type === 'custom') return;
    this.#progress += 1;
    if (this.#firstTokenMs === null && part.type !== 'text-start' && part.type !== 'reasoning-start') {
      this.#firstTokenMs = Math.round(this.#ports.stopwatch() - this.#startedAtMs);
      this.#ports.legs.noteFirstToken(this.leg, this.#firstTokenMs);
    }
    if (!isWord) return;
    this.#said += part.delta;
    this.#note();
  }

  #note(): void {
    const nowMs = this.#ports.stopwatch();
    if (nowMs - this.#notedAtMs < this.#ports.limits.noteMs) return;
    this.#notedAtMs = nowMs;
    const { worstCase, id } = this.#begun;
    this.#ports.spending.note(id, {
      ...NOTHING,
      // Half of the worst case is about what it is.
      inputTokens: Math.ceil(worstCase.inputTokens / 2),
      outputTokens: Math.min(worstCase.outputTokens, roughTokens(this.#said.length)),
    });
  }

  /** Ends the attempt where the provider gives nothing for too long while we wait for it. Gives back what ends the watch. */
  #watch(firstMs: number, nextMs: number): () => void {
    const tickMs = Math.min(firstMs, nextMs) / TICKS;
    let seen = 0;
    let idleMs = 0;
    let stop = (): void => undefined;
    const look = (): void => {
      idleMs = this.#progress === seen && this.#waiting ? idleMs + tickMs : 0;
      seen = this.#progress;
      if (idleMs < (this.#progress === 0 ? firstMs : nextMs)) stop = this.#ports.clock.alarm(tickMs, look);
      else this.#stop.abort(new Broken(this.#progress === 0 ? FIRST_TOKEN_LATE : STALLED));
    };
    stop = this.#ports.clock.alarm(tickMs, look);
    return () => stop();
  }
}

const ignored = (): void => undefined;

/** A finish that tells of a break is one: the packages say `interrupted`, `error`, or nothing, where a stream just ends. */
function sound(part: FinishPart, said: string): FinishPart {
  if (isBroken(part.finishReason, part.usage, said)) throw new Broken(BROKEN_OFF);
  return part;
}

const KNOWN_ENDS: readonly string[] = ['stop', 'length', 'content-filter', 'tool-calls', 'other'];

function isBroken({ unified, raw }: FinishPart['finishReason'], usage: LanguageModelV4Usage, said: string): boolean {
  if (!KNOWN_ENDS.includes(unified)) return true;
  // A server that counts what it used has come to its end, also where it does not say which.
  const hasCounted = (usage.outputTokens.total ?? 0) > 0;
  return unified === 'other' && raw === undefined && !(hasCounted && said !== '');
}

// One call from its first attempt to its last: who is asked, what is set aside for it, and what follows a failure.
// Rule: each attempt has its line before it is sent, and is settled before the next one begins, so that what it did not
// use can be set aside again.
// Rule: a price that is not known is refused. A route passes such a leg over; where no other is left, the call fails.

import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';

import { unreachable, type Fault } from '../../basics/index.ts';
import type { AttemptDraft, Usage } from '../../spending/index.ts';
import {
  allCooling,
  keyRefused,
  noModelAnswered,
  nothingConfigured,
  overBudget,
  requestRejected,
  unpriced,
  type Refusal,
} from '../faults.ts';
import { LOCAL_PROVIDER, RULES_PROVIDER, type Caller, type Policy } from '../models.ts';
import { Attempt, type AttemptPorts } from './attempt.ts';
import { Broken, CANCELLED, decideFailure, type Failure } from './failures.ts';
import type { Leg } from './legs.ts';
import type { RoutingLimits } from './limits.ts';
import { orderLegs, type Candidate } from './policies.ts';
import { afterFailure, backoffMs, type RetryBudget } from './retries.ts';
import { inputTokensMax, thinkingTokensMax } from './tokens.ts';

/** A leg that may answer, with what policies compare. */
export interface Choice {
  readonly leg: Leg;
  readonly candidate: Candidate;
}

export interface PursuitPorts extends AttemptPorts {
  readonly random: () => number;
  readonly log: (event: ModelsEvent) => void;
  /** Of each provider. */
  budgetOf(provider: string): RetryBudget;
}

/** What may be of use in a log; no words of people, no keys. */
export type ModelsEvent =
  | {
      readonly kind: 'attempt-failed';
      readonly call: string;
      readonly leg: string;
      readonly code: string;
      readonly why: string;
    }
  | { readonly kind: 'key-refused'; readonly leg: string; readonly why: string }
  | { readonly kind: 'settling-failed'; readonly call: string; readonly leg: string; readonly why: string };

export interface Call {
  /** Joins its lines in the ledger. */
  readonly id: string;
  /** What was asked for, such as `auto`. */
  readonly name: string;
  readonly policy: Policy;
  readonly caller: Caller;
  /** Aborted with a `Broken` by us, or with any reason by who called. */
  readonly ending: AbortSignal;
  /** Looked up anew for each attempt: keys and providers change while the server runs. */
  choices(): Promise<readonly Choice[]>;
}

export class Pursuit {
  readonly #ports: PursuitPorts;
  readonly #call: Call;
  readonly #failures: Failure[] = [];
  readonly #failedOn = new Map<string, number>();
  readonly #providers = new Set<string>();
  /** Of no more use for this call. */
  readonly #spent = new Set<string>();
  #unpriced: Fault | undefined;
  #lastLeg: Leg | undefined;
  attempts = 0;

  constructor(ports: PursuitPorts, call: Call) {
    this.#ports = ports;
    this.#call = call;
  }

  /** The next attempt, its line open; waits where it has to. Throws a fault where there is none. */
  async next(optionsFor: (leg: Leg) => LanguageModelV4CallOptions): Promise<Attempt> {
    for (;;) {
      const leg = await this.#choose();
      const attempt = await this.#begun(leg, optionsFor).catch((error: unknown) => {
        this.#ports.legs.release(leg);
        throw error;
      });
      if (attempt !== undefined) return attempt;
      this.#ports.legs.release(leg);
    }
  }

  /** Undefined where its price is not known. */
  async #begun(leg: Leg, optionsFor: (leg: Leg) => LanguageModelV4CallOptions): Promise<Attempt | undefined> {
    const ports = this.#ports;
    const options = limited(leg, optionsFor(leg), ports.limits);
    const worstCase = worstCaseOf(leg, options);
    const begun = await ports.spending.begin(newAttempt(this.#call, leg, worstCase));
    switch (begun.kind) {
      case 'over-budget':
        throw overBudget(begun.budget, begun.neededMicroUsd);
      case 'unpriced':
        this.#unpriced = unpriced(begun.provider, begun.model, begun.why);
        this.#spent.add(leg.name);
        return undefined;
      case 'begun':
        break;
      default:
        return unreachable(begun);
    }
    this.attempts += 1;
    this.#lastLeg = leg;
    const retries = ports.budgetOf(leg.provider);
    if (!this.#providers.has(leg.provider)) retries.noteCall();
    else if (leg.provider !== LOCAL_PROVIDER) retries.take(ports.clock.now());
    this.#providers.add(leg.provider);
    return new Attempt(ports, { id: begun.attempt, leg, worstCase, options, onDisk: begun.onDisk });
  }

  /** What it means that an attempt threw this. Only the leg and the key are told apart here; settling is the caller's. */
  failed(attempt: Attempt, thrown: unknown): Failure {
    const { ending, id } = this.#call;
    const failure = ending.aborted ? endedBy(ending) : decideFailure(thrown, this.#ports.clock.now());
    const { name: leg } = attempt.leg;
    this.#failures.push(failure);
    this.#failedOn.set(leg, (this.#failedOn.get(leg) ?? 0) + 1);
    this.#ports.log({ kind: 'attempt-failed', call: id, leg, code: failure.code, why: failure.why });
    if (failure.kind === 'key-refused') this.#ports.log({ kind: 'key-refused', leg, why: failure.why });
    return failure;
  }

  /** Whether anybody is asked again; undefined where so, else the fault to end with. */
  verdictOn(attempt: Attempt, failure: Failure): Fault | undefined {
    const after = afterFailure(this.#failures.map(({ kind }) => kind));
    if (after.kind === 'again' && !after.sameLegToo) this.#spent.add(attempt.leg.name);
    if (after.kind === 'again' && this.attempts < this.#ports.limits.attemptsMax) return undefined;
    return this.#faultOf(attempt.leg, failure);
  }

  /** The fault for a failure after which nobody is asked. */
  #faultOf(leg: Leg, failure: Failure): Fault {
    const refusal = refusalOf(leg, failure);
    if (failure.kind === 'rejected') return requestRejected(refusal);
    if (failure.kind === 'key-refused') return keyRefused(refusal);
    return noModelAnswered(this.#call.name, this.attempts, refusal);
  }

  /** Chosen and begun in one step: nobody else can have it in between. */
  async #choose(): Promise<Leg> {
    let hasWaited = false;
    for (;;) {
      this.#throwIfEnded();
      const choices = await this.#call.choices();
      const nowMs = this.#ports.clock.now();
      const open = choices.filter(({ leg }) => !this.#spent.has(leg.name));
      const leg = this.#firstOf(open, nowMs);
      const failed = leg === undefined ? 0 : this.#timesFailed(leg);
      if (leg === undefined) await this.#waitForOne(open, nowMs);
      else if (failed > 0 && !hasWaited) {
        hasWaited = true;
        await this.#sleep(backoffMs(failed, this.#ports.random));
      } else {
        this.#ports.legs.begin(leg);
        return leg;
      }
    }
  }

  /** By the policy, those first that have not failed in this call. */
  #firstOf(open: readonly Choice[], nowMs: number): Leg | undefined {
    const [only, another] = open;
    // Nothing to compare, as nearly always.
    if (another === undefined) return only !== undefined && this.#isOpen(only.leg, nowMs) ? only.leg : undefined;
    const candidates = open.map(({ candidate }) => candidate);
    const inOrder = orderLegs(this.#call.policy, candidates, this.#ports.random);
    const legs = inOrder
      .flatMap((candidate) => open.filter((choice) => choice.candidate === candidate))
      .filter(({ leg }) => this.#isOpen(leg, nowMs))
      .map(({ leg }) => leg);
    return legs.toSorted((a, b) => this.#timesFailed(a) - this.#timesFailed(b))[0];
  }

  /** Looked at anew: since the choices were made, another caller may have begun to try a leg that was left alone. */
  #isOpen(leg: Leg, nowMs: number): boolean {
    return this.#ports.legs.state(leg, nowMs).kind === 'ready' && this.#mayBeAsked(leg, nowMs);
  }

  #timesFailed(leg: Leg): number {
    return this.#failedOn.get(leg.name) ?? 0;
  }

  /** A provider that failed in this call is asked again only out of its budget of extra calls. */
  #mayBeAsked(leg: Leg, nowMs: number): boolean {
    if (!this.#providers.has(leg.provider) || leg.provider === LOCAL_PROVIDER) return true;
    return this.#ports.budgetOf(leg.provider).has(nowMs);
  }

  /** Until the first leg may be asked again, where that is soon; else throws what is to be told. */
  async #waitForOne(open: readonly Choice[], nowMs: number): Promise<void> {
    const { legs, limits } = this.#ports;
    const backInMs = Math.min(...open.map(({ leg }) => (legs.backAtMs(leg, nowMs) ?? Infinity) - nowMs));
    if (backInMs <= limits.waitMsMax) return this.#sleep(Math.max(1, backInMs));
    const states = open.map(({ leg }) => ({ leg, state: legs.state(leg, nowMs) }));
    const untilMs = states.flatMap(({ state }) => (state.kind === 'cooling' ? [state.untilMs] : []));
    const last = this.#failures.at(-1);
    if (last !== undefined && this.#lastLeg !== undefined) throw this.#faultOf(this.#lastLeg, last);
    if (untilMs.length > 0) throw allCooling(this.#call.name, Math.min(...untilMs) - nowMs);
    if (this.#unpriced !== undefined) throw this.#unpriced;
    const refused = states.flatMap(({ leg, state }) => (state.kind === 'revoked' ? [{ leg, why: state.why }] : []))[0];
    if (refused === undefined) throw nothingConfigured(this.#call.name);
    const { provider, model } = refused.leg;
    throw keyRefused({ provider, model, reason: 'refused', why: refused.why });
  }

  async #sleep(delayMs: number): Promise<void> {
    await this.#ports.clock.sleep(delayMs, this.#call.ending);
    this.#throwIfEnded();
  }

  #throwIfEnded(): void {
    if (this.#call.ending.aborted) throw new Broken(endedBy(this.#call.ending));
  }
}

/** Ended by us, such as by the time for the whole call, or by who made it. */
function endedBy(ending: AbortSignal): Failure {
  return ending.reason instanceof Broken ? ending.reason.failure : CANCELLED;
}

const REASONS: Partial<Record<Failure['kind'], Refusal['reason']>> = {
  timeout: 'timeout',
  'rate-limit': 'rate-limit',
  overloaded: 'rate-limit',
  'key-refused': 'refused',
  rejected: 'refused',
};

export const refusalOf = (leg: Leg, { kind, why }: Failure): Refusal => ({
  provider: leg.provider,
  model: leg.model,
  reason: REASONS[kind] ?? 'unknown',
  why,
});

/** What costs money has its length named, so that what is set aside holds. */
function limited(leg: Leg, options: LanguageModelV4CallOptions, limits: RoutingLimits): LanguageModelV4CallOptions {
  if (options.maxOutputTokens !== undefined) return options;
  const isFree = leg.provider === LOCAL_PROVIDER || leg.provider === RULES_PROVIDER;
  return isFree ? options : { ...options, maxOutputTokens: limits.outputTokens };
}

/** What is free has no limit of its own, and nothing is set aside for it: only absurd counts are not believed. */
const FREE_OUTPUT_TOKENS = 10_000_000;

function worstCaseOf(leg: Leg, options: LanguageModelV4CallOptions): Usage {
  const named = options.maxOutputTokens;
  return {
    inputTokens: inputTokensMax(options),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: named === undefined ? FREE_OUTPUT_TOKENS : named + thinkingTokensMax(options, leg.provider),
  };
}

const newAttempt = ({ caller, id }: Call, leg: Leg, worstCase: Usage): AttemptDraft => ({
  payer: { person: caller.person, product: caller.product, run: caller.run, key: caller.key },
  call: id,
  provider: leg.provider,
  model: leg.model,
  leg: leg.name,
  worstCase,
});

// What can be asked: each provider with each of its keys and models, what state it is in, and how it did lately.
// Rule: a key is changed while the server runs; a call in flight holds its own leg and ends on the key it began with.
// Rule: no view, name or message holds a key. Which of the pool it is, is told by a number that is never used again.

import type { LanguageModelV4 } from '@ai-sdk/provider';

import type { Secret } from '../../basics/index.ts';
import { LOCAL_PROVIDER, RULES_PROVIDER, type LegState, type LegView, type ProviderSettings } from '../models.ts';
import type { Fetch } from '../providers/provider-door.ts';
import { doorOf } from '../providers/providers.ts';
import { begun, CLOSED, ended, givenUp, openUntil, type Breaker } from './breaker.ts';
import { RETRY_AFTER_MS_MAX, type Failure } from './failures.ts';
import type { RoutingLimits } from './limits.ts';
import type { Candidate } from './policies.ts';

/** Callers may name any model of a provider; those that were asked least lately are forgotten. */
const LEGS_MAX = 500;
/** What the views compare. */
const TIMES_KEPT = 100;
const DAY_MS = 24 * 60 * 60_000;

interface Key {
  readonly number: number;
  readonly secret: Secret | undefined;
  readonly firstSeenMs: number;
  revokedWhy: string | undefined;
}

/** A server that answers: a provider with its pool of keys, or one on this machine. */
export interface Server {
  /** As in the ledger and in names: `local` for one on this machine. */
  readonly provider: string;
  /** As in the settings. */
  readonly alias: string;
  readonly baseUrl: string | undefined;
  readonly model: string | undefined;
  /** Of one that was found: what it has. */
  readonly models: readonly string[];
  readonly keys: readonly Key[];
}

export interface Leg {
  readonly name: string;
  readonly provider: string;
  readonly model: string;
  open(): Promise<LanguageModelV4>;
}

class Track {
  breaker: Breaker = CLOSED;
  coolingUntilMs = 0;
  coolingWhy = '';
  refusedWhy: string | undefined;
  inFlight = 0;
  calls = 0;
  errors = 0;
  costMicroUsd = 0;
  refusedByGuard = 0;
  readonly firstTokens: number[] = [];
}

interface KnownLeg extends Leg {
  readonly key: Key;
  readonly track: Track;
}

export interface LegsPorts {
  readonly rules: LanguageModelV4;
  readonly limits: RoutingLimits;
  readonly fetch: Fetch | undefined;
  /** Around each model of a provider, such as record and replay. */
  wrap(model: LanguageModelV4, leg: Leg): LanguageModelV4;
}

export class Legs {
  readonly #ports: LegsPorts;
  #configured: readonly Server[] = [];
  #found: readonly Server[] = [];
  readonly #known = new Map<string, KnownLeg>();
  readonly #numbers = new Map<string, number>();

  constructor(ports: LegsPorts) {
    this.#ports = ports;
  }

  get servers(): readonly Server[] {
    return [...this.#configured, ...this.#found];
  }

  /** A key that stays keeps its number and its age; that it was refused is forgotten, since somebody looked after it. */
  configure(settings: readonly ProviderSettings[], nowMs: number): void {
    const before = this.#configured;
    this.#configured = settings.flatMap((given): readonly Server[] => {
      const door = doorOf(given.provider);
      if (door === undefined || (door.needsKey && given.keys.length === 0)) return [];
      const isLocal = given.provider === 'openai_compatible' && isLoopback(given.baseUrl);
      const provider = isLocal ? LOCAL_PROVIDER : given.provider;
      const model = given.model ?? door.modelByDefault;
      const keys = this.#keysOf(provider, given.keys, before, nowMs);
      return [{ provider, alias: given.provider, baseUrl: given.baseUrl, model, models: [], keys }];
    });
    // Their keys may be gone or new: legs are made again when they are asked, on the same records where the key stayed.
    const stays = new Set(this.#configured.flatMap(({ keys }) => keys));
    for (const [name, leg] of this.#known)
      if (!stays.has(leg.key) && leg.key.secret !== undefined) this.#known.delete(name);
  }

  found(servers: readonly { readonly baseUrl: string; readonly models: readonly string[] }[], nowMs: number): void {
    this.#found = servers.map(({ baseUrl, models }) => ({
      provider: LOCAL_PROVIDER,
      alias: LOCAL_PROVIDER,
      baseUrl,
      model: models[0],
      models,
      keys: [{ number: 1, secret: undefined, firstSeenMs: nowMs, revokedWhy: undefined }],
    }));
  }

  /** Every leg of a model; none where its provider is not there. */
  legsOf(provider: string, model: string): readonly Leg[] {
    if (provider === RULES_PROVIDER) return [this.#rulesLeg(model)];
    const servers = this.servers.filter(
      (server) => (server.provider === provider || server.alias === provider) && has(server, model),
    );
    return servers.flatMap((server) => server.keys.map((key) => this.#leg(server, key, model)));
  }

  /** Its times only where they are compared: to find the middle of a hundred takes longer than all the rest. */
  candidate(
    leg: Leg,
    nowMs: number,
    withTimes: boolean,
  ): Omit<Candidate, 'place' | 'weight' | 'pricePerMillion' | 'quality'> {
    const { track } = this.#knownOf(leg);
    return {
      leg: leg.name,
      isReady: this.state(leg, nowMs).kind === 'ready',
      inFlight: track.inFlight,
      firstTokenMsP50: withTimes ? quantile(track.firstTokens, 0.5) : null,
      errorShare: track.calls === 0 ? 0 : track.errors / track.calls,
    };
  }

  /** Of its answers, how many neither failed nor were refused. */
  soundness(leg: Leg): number {
    const { track } = this.#knownOf(leg);
    return track.calls === 0 ? 1 : Math.max(0, 1 - (track.errors + track.refusedByGuard) / track.calls);
  }

  state(leg: Leg, nowMs: number): LegState {
    const { key, track } = this.#knownOf(leg);
    const why = key.revokedWhy ?? track.refusedWhy;
    if (why !== undefined) return { kind: 'revoked', why };
    const openMs = openUntil(track.breaker, nowMs, this.#ports.limits) ?? 0;
    // A clock that was set back must not keep a leg for longer than a provider may ask for.
    const coolingMs = track.coolingUntilMs - nowMs > RETRY_AFTER_MS_MAX ? 0 : track.coolingUntilMs;
    const untilMs = Math.max(openMs, coolingMs);
    if (untilMs <= nowMs) return { kind: 'ready' };
    return { kind: 'cooling', untilMs, why: coolingMs >= openMs ? track.coolingWhy : 'It failed too often lately.' };
  }

  /** When a leg comes back that was told to slow down. One that fails too often is not waited for: it may never come. */
  backAtMs(leg: Leg, nowMs: number): number | undefined {
    const state = this.state(leg, nowMs);
    const { breaker, coolingUntilMs } = this.#knownOf(leg).track;
    const isOpen = openUntil(breaker, nowMs, this.#ports.limits) !== undefined;
    return state.kind === 'cooling' && !isOpen ? coolingUntilMs : undefined;
  }

  /** From when it is chosen, so that of many callers at once only one tries a leg that was left alone. */
  begin(leg: Leg): void {
    const { track } = this.#knownOf(leg);
    track.calls += 1;
    track.inFlight += 1;
    track.breaker = begun(track.breaker);
  }

  /** It was not asked after all. */
  release(leg: Leg): void {
    const { track } = this.#knownOf(leg);
    track.calls -= 1;
    track.inFlight -= 1;
    track.breaker = givenUp(track.breaker);
  }

  /** `failure` is undefined for a good end. */
  end(leg: Leg, failure: Failure | undefined, nowMs: number): void {
    const { key, track } = this.#knownOf(leg);
    const { limits } = this.#ports;
    track.inFlight -= 1;
    if (failure?.kind === 'cancelled' || failure?.kind === 'over-budget') {
      track.breaker = givenUp(track.breaker);
      return;
    }
    // A request that was our mistake says nothing about the leg.
    const isGood = failure === undefined || failure.kind === 'rejected';
    if (failure !== undefined) track.errors += 1;
    if (failure?.kind === 'key-refused') {
      if (failure.isWholeKey) key.revokedWhy = failure.why;
      else track.refusedWhy = failure.why;
      track.breaker = givenUp(track.breaker);
    } else if (failure?.kind === 'rate-limit' || (failure?.kind === 'overloaded' && failure.retryAfterMs !== null)) {
      track.coolingUntilMs = nowMs + (failure.retryAfterMs ?? limits.coolingMs);
      track.coolingWhy = failure.why;
      track.breaker = givenUp(track.breaker);
    } else track.breaker = ended(track.breaker, isGood, nowMs, limits);
  }

  noteFirstToken(leg: Leg, tookMs: number): void {
    const { firstTokens } = this.#knownOf(leg).track;
    firstTokens.push(tookMs);
    if (firstTokens.length > TIMES_KEPT) firstTokens.shift();
  }

  noteCost(leg: Leg, costMicroUsd: number, wasRefused: boolean): void {
    const { track } = this.#knownOf(leg);
    track.costMicroUsd += costMicroUsd;
    if (wasRefused) track.refusedByGuard += 1;
  }

  views(nowMs: number): readonly LegView[] {
    for (const server of this.servers) {
      const models = server.model === undefined ? server.models : [server.model, ...server.models];
      for (const model of new Set(models)) for (const key of server.keys) this.#leg(server, key, model);
    }
    return [...this.#known.values()].map((leg) => ({
      leg: leg.name,
      provider: leg.provider,
      model: leg.model,
      keyNumber: leg.key.number,
      keyMasked: masked(leg.key.secret),
      keyAgeDays: leg.key.secret === undefined ? null : Math.max(0, Math.floor((nowMs - leg.key.firstSeenMs) / DAY_MS)),
      state: this.state(leg, nowMs),
      calls: leg.track.calls,
      errors: leg.track.errors,
      firstTokenMsP50: quantile(leg.track.firstTokens, 0.5),
      firstTokenMsP95: quantile(leg.track.firstTokens, 0.95),
      costMicroUsd: leg.track.costMicroUsd,
      refusedByGuard: leg.track.refusedByGuard,
    }));
  }

  #keysOf(provider: string, secrets: readonly Secret[], before: readonly Server[], nowMs: number): readonly Key[] {
    if (secrets.length === 0) return [{ number: 1, secret: undefined, firstSeenMs: nowMs, revokedWhy: undefined }];
    const old = before.filter((server) => server.provider === provider).flatMap(({ keys }) => keys);
    const values = new Set<string>();
    return secrets.flatMap((secret): readonly Key[] => {
      if (values.has(secret.reveal())) return [];
      values.add(secret.reveal());
      const kept = old.find((key) => key.secret?.reveal() === secret.reveal());
      if (kept !== undefined) {
        kept.revokedWhy = undefined;
        return [kept];
      }
      const number = (this.#numbers.get(provider) ?? 0) + 1;
      this.#numbers.set(provider, number);
      return [{ number, secret, firstSeenMs: nowMs, revokedWhy: undefined }];
    });
  }

  #leg(server: Server, key: Key, model: string): KnownLeg {
    const name = `${server.provider}/${model}#${key.number}`;
    const known = this.#known.get(name);
    if (known?.key === key) return this.#touched(name, known);
    let opened: Promise<LanguageModelV4> | undefined;
    const { fetch } = this.#ports;
    const leg: KnownLeg = {
      name,
      provider: server.provider,
      model,
      key,
      track: known?.track ?? new Track(),
      open: () => {
        const door = doorOf(server.alias);
        opened ??= door
          ?.open({ key: key.secret?.reveal(), baseUrl: server.baseUrl, fetch })
          .then((make) => this.#ports.wrap(make(model), leg));
        return opened ?? Promise.resolve(this.#ports.rules);
      },
    };
    return this.#touched(name, leg);
  }

  #rulesLeg(model: string): KnownLeg {
    const name = `${RULES_PROVIDER}/${model}`;
    const known = this.#known.get(name);
    if (known !== undefined) return this.#touched(name, known);
    const key: Key = { number: 1, secret: undefined, firstSeenMs: 0, revokedWhy: undefined };
    const open = (): Promise<LanguageModelV4> => Promise.resolve(this.#ports.rules);
    return this.#touched(name, { name, provider: RULES_PROVIDER, model, key, track: new Track(), open });
  }

  #touched(name: string, leg: KnownLeg): KnownLeg {
    this.#known.delete(name);
    this.#known.set(name, leg);
    if (this.#known.size > LEGS_MAX) {
      const idle = [...this.#known].find(([, { track }]) => track.inFlight === 0);
      if (idle !== undefined) this.#known.delete(idle[0]);
    }
    return leg;
  }

  /** A leg that was forgotten in the meantime is still whole in the hands of who asked for it. */
  #knownOf(leg: Leg): KnownLeg {
    return isKnown(leg) ? leg : this.#rulesLeg(leg.model);
  }
}

const isKnown = (leg: Leg): leg is KnownLeg => 'track' in leg && 'key' in leg;

const has = (server: Server, model: string): boolean => server.models.length === 0 || server.models.includes(model);

export function isLoopback(url: string | undefined): boolean {
  if (url === undefined || !URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** First and last four characters, of keys that are long enough for that to say nothing. */
function masked(secret: Secret | undefined): string {
  if (secret === undefined) return '';
  const value = secret.reveal();
  return value.length < 16 ? '…' : `${value.slice(0, 4)}…${value.slice(-4)}`;
}

function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
}

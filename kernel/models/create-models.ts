// Opens models: what a name stands for, who may answer to it, and the model that callers get, which is a router over
// all of them. The face and its rules are in models.ts; how a call goes is in routing/.

import type { LanguageModelV4 } from '@ai-sdk/provider';

import { newId, type Clock } from '../basics/index.ts';
import type { Spending } from '../spending/index.ts';
import { discoverServers, DISCOVERY_PORTS } from './discover.ts';
import { routeWrong } from './faults.ts';
import {
  RULES_PROVIDER,
  type Caller,
  type CatalogueEntry,
  type Models,
  type ProviderSettings,
  type Route,
} from './models.ts';
import type { Fetch } from './providers/provider-door.ts';
import { checkOptions } from './providers/providers.ts';
import type { Replay } from './replay/replay.ts';
import { askForStream, type AskPorts, type Question } from './routing/ask.ts';
import { askForWhole } from './routing/ask-whole.ts';
import { CallsUnderWay } from './routing/call-scope.ts';
import { Legs, type Leg } from './routing/legs.ts';
import { LIMITS, type RoutingLimits } from './routing/limits.ts';
import type { Choice, ModelsEvent } from './routing/pursuit.ts';
import { RetryBudget } from './routing/retries.ts';
import { sourceText } from './routing/tally.ts';
import { GUIDE, rulesModel } from './rules/rules-model.ts';

export interface ModelsOptions {
  /** In order of preference. Those without a key or an address are left out. */
  readonly settings: readonly ProviderSettings[];
  readonly spending: Spending;
  readonly clock: Clock;
  /** For what may be of use later; a `Log` of kernel/telemetry fits. */
  readonly log?: { warn(event: string, fields: Readonly<Record<string, unknown>>): void };
  /** 0 to 1. */
  readonly random?: () => number;
  /** Milliseconds that only go forward; by default those of the process. */
  readonly stopwatch?: () => number;
  readonly fetch?: Fetch;
  readonly limits?: Partial<RoutingLimits>;
  readonly routes?: readonly Route[];
  /** Around every model of a provider. */
  readonly replay?: Replay;
  /** How good the answers of a model are, 0 to 1, where somebody measures it. */
  readonly quality?: (provider: string, model: string) => number | undefined;
  /** Where servers are looked for on this machine. */
  readonly discoveryPorts?: readonly number[];
  /** The same seed gives the same answers of the built-in rules. */
  readonly rulesSeed?: number;
}

/** The name that stands for whatever is there. */
const AUTO = 'auto';
/** Routes come from people; a console shows them all at once. */
const ROUTES_MAX = 100;
const TARGETS_MAX = 50;
/** How long a price is believed for ordering; what is charged is looked up for each attempt. */
const PRICE_MS = 60_000;
/** Ordinary names of models, by who sells them, so that a bare name finds its provider. */
const FAMILIES: readonly { readonly name: RegExp; readonly provider: string }[] = [
  { name: /^claude-/, provider: 'anthropic' },
  { name: /^(?:gpt-|chatgpt-|o\d)/, provider: 'openai' },
  { name: /^gemini-/, provider: 'gemini' },
  { name: /^(?:qwen|qwq)/, provider: 'qwen' },
];

export const createModels = (options: ModelsOptions): Models => new Router(options);

class Router implements Models {
  readonly #options: ModelsOptions;
  readonly #legs: Legs;
  readonly #ask: AskPorts;
  readonly #prices = new Map<string, { readonly perMillion: number | null; readonly atMs: number }>();
  readonly #discovering = new AbortController();
  #routes: readonly Route[] = [];

  constructor(options: ModelsOptions) {
    this.#options = options;
    const { spending, clock, random = Math.random, stopwatch = () => performance.now(), log } = options;
    const limits = { ...LIMITS, ...options.limits };
    const rules = rulesModel({ clock, seed: options.rulesSeed ?? 1 });
    const wrap = (model: LanguageModelV4, leg: Leg): LanguageModelV4 => options.replay?.wrap(model, leg) ?? model;
    this.#legs = new Legs({ rules, limits, fetch: options.fetch, wrap });
    const budgets = new Map<string, RetryBudget>();
    this.#ask = {
      spending,
      clock,
      random,
      stopwatch,
      limits,
      legs: this.#legs,
      underWay: new CallsUnderWay(),
      newCallId: () => newId<'call'>(),
      log: ({ kind, ...fields }: ModelsEvent) => log?.warn(kind, fields),
      budgetOf: (provider) => {
        const budget = budgets.get(provider) ?? new RetryBudget();
        budgets.set(provider, budget);
        return budget;
      },
    };
    this.configure(options.settings);
    this.setRoutes(options.routes ?? []);
  }

  model(name: string, caller: Caller): LanguageModelV4 | undefined {
    const route = this.#routeOf(name);
    if (route === undefined) return undefined;
    const question: Question = {
      name,
      caller,
      policy: route.policy,
      route: { options: route.options },
      choices: () => this.#choicesOf(name),
    };
    return {
      specificationVersion: 'v4',
      provider: 'tandem',
      modelId: name,
      supportedUrls: {},
      doGenerate: (options) => askForWhole(this.#ask, question, options),
      doStream: (options) => askForStream(this.#ask, question, options),
    };
  }

  sourceText(): string {
    const first = this.#routeOf(AUTO)?.targets[0]?.model ?? '';
    const [provider, model] = splitName(first);
    return sourceText(provider, model);
  }

  catalogue(): readonly CatalogueEntry[] {
    const routes = new Set([AUTO, ...this.#routes.map(({ name }) => name)]);
    const models = this.#legs.servers.flatMap(({ provider, model, models }) =>
      [...(model === undefined ? [] : [model]), ...models].map((name) => ({ id: `${provider}/${name}`, provider })),
    );
    const unique = new Map(models.map((entry) => [entry.id, entry]));
    return [
      ...[...routes].map((id): CatalogueEntry => ({ id, kind: 'route', provider: 'tandem', ownedBy: 'tandem' })),
      ...[...unique.values()].map(({ id, provider }): CatalogueEntry => ({
        id,
        kind: 'model',
        provider,
        ownedBy: provider,
      })),
      { id: `${RULES_PROVIDER}/${GUIDE}`, kind: 'rules', provider: RULES_PROVIDER, ownedBy: 'tandem' },
    ];
  }

  legs() {
    return this.#legs.views(this.#ask.clock.now());
  }

  routes(): readonly Route[] {
    return this.#routes;
  }

  setRoutes(routes: readonly Route[]): void {
    if (routes.length > ROUTES_MAX)
      throw routeWrong(routes[ROUTES_MAX]?.name ?? '', `There may be ${ROUTES_MAX} routes.`);
    const names = new Set<string>();
    for (const route of routes) {
      checkRoute(route, names);
      names.add(route.name);
    }
    this.#routes = [...routes];
  }

  configure(settings: readonly ProviderSettings[]): void {
    // A compatible server without an address is none.
    const there = settings.filter(({ provider, baseUrl }) => provider !== 'openai_compatible' || baseUrl !== undefined);
    this.#legs.configure(there, this.#ask.clock.now());
  }

  async discover(signal: AbortSignal): Promise<void> {
    const { clock } = this.#ask;
    const found = await discoverServers(
      { clock, fetch: this.#options.fetch ?? globalThis.fetch, ports: this.#options.discoveryPorts ?? DISCOVERY_PORTS },
      AbortSignal.any([signal, this.#discovering.signal]),
    );
    if (!signal.aborted) this.#legs.found(found, clock.now());
  }

  async close(): Promise<void> {
    this.#discovering.abort();
    await this.#ask.underWay.close();
  }

  /** What a name stands for now, its targets filled in; undefined where nothing has that name. */
  #routeOf(name: string): Route | undefined {
    const set = this.#routes.find((route) => route.name === name);
    if (set !== undefined && set.targets.length > 0) return set;
    if (set !== undefined || name === AUTO) {
      return { name, policy: set?.policy ?? 'pinned', options: set?.options ?? {}, targets: this.#whateverIsThere() };
    }
    const target = this.#targetOf(name);
    const options = this.#routes.find((route) => route.name === AUTO)?.options ?? {};
    return target === undefined
      ? undefined
      : { name, policy: 'pinned', options, targets: [{ model: target, weight: 1 }] };
  }

  /** In the order of the settings, then what was found here. The built-in rules only where there is nothing else. */
  #whateverIsThere(): Route['targets'] {
    const names = this.#legs.servers.flatMap(({ provider, model }) =>
      model === undefined ? [] : [`${provider}/${model}`],
    );
    const targets = [...new Set(names)].map((model) => ({ model, weight: 1 }));
    return targets.length > 0 ? targets : [{ model: `${RULES_PROVIDER}/${GUIDE}`, weight: 1 }];
  }

  /** `provider/model` of a provider that is there, or a bare name that only one of them can mean. */
  #targetOf(name: string): string | undefined {
    const [provider, model] = splitName(name);
    if (model !== '' && this.#legs.legsOf(provider, model).length > 0) return name;
    const own = this.#legs.servers.find((server) => server.model === name || server.models.includes(name));
    if (own !== undefined) return `${own.provider}/${name}`;
    const family = FAMILIES.find((candidate) => candidate.name.test(name));
    return family !== undefined && this.#legs.legsOf(family.provider, name).length > 0
      ? `${family.provider}/${name}`
      : undefined;
  }

  async #choicesOf(name: string): Promise<readonly Choice[]> {
    const route = this.#routeOf(name);
    const nowMs = this.#ask.clock.now();
    const choices: Choice[] = [];
    for (const [place, target] of (route?.targets ?? []).entries()) {
      const [provider, model] = splitName(target.model);
      for (const leg of this.#legs.legsOf(provider, model)) {
        const pricePerMillion = route?.policy === 'cost' ? await this.#pricePerMillion(leg, nowMs) : null;
        const quality = this.#options.quality?.(leg.provider, leg.model) ?? this.#legs.soundness(leg);
        const known = this.#legs.candidate(leg, nowMs, route?.policy === 'latency');
        choices.push({ leg, candidate: { ...known, place, weight: target.weight, pricePerMillion, quality } });
      }
    }
    return choices;
  }

  async #pricePerMillion({ provider, model }: Leg, nowMs: number): Promise<number | null> {
    const name = `${provider}/${model}`;
    const known = this.#prices.get(name);
    if (known !== undefined && Math.abs(nowMs - known.atMs) < PRICE_MS) return known.perMillion;
    const answer = await this.#ask.spending.priceOf(provider, model);
    const price = answer.kind === 'unpriced' ? null : answer.price;
    // Three tokens are sent for each that comes back, in an ordinary conversation.
    const perMillion = price === null ? null : (3 * price.tiers[0].input + price.tiers[0].output) / 4;
    this.#prices.set(name, { perMillion, atMs: nowMs });
    return perMillion;
  }
}

/** A model's own name may have slashes in it: only the first one counts. */
function splitName(name: string): readonly [string, string] {
  const at = name.indexOf('/');
  return at === -1 ? [name, ''] : [name.slice(0, at), name.slice(at + 1)];
}

function checkRoute(route: Route, names: ReadonlySet<string>): void {
  const { name, targets } = route;
  if (!/^[\w.:-]{1,60}$/.test(name))
    throw routeWrong(name.slice(0, 60), 'Its name has characters other than letters, digits, dots and dashes.');
  if (names.has(name)) throw routeWrong(name, 'Another route has the same name.');
  if (targets.length > TARGETS_MAX) throw routeWrong(name, `It has more than ${TARGETS_MAX} targets.`);
  const wrong = targets.find(
    ({ model, weight }) => splitName(model)[1] === '' || !(weight >= 0) || !Number.isFinite(weight),
  );
  if (wrong !== undefined)
    throw routeWrong(name, `Its target "${wrong.model.slice(0, 100)}" is no provider/model with a weight.`);
  checkOptions(route);
}

// Brings the modules of a chat up, and says at any time which are there.
// Rules: nothing a module does or fails to do stops the chat; `chatcore:ready` is said once, when each has begun or been
// given up; what runs on a stand-in is said to be degraded.

import { toIso } from 'kernel/basics';

import type {
  AnyModule,
  ModuleContext,
  ModuleDefinition,
  ModuleHooks,
  OutgoingRequest,
  RenderedAction,
  SetupContext,
} from './define-module.ts';
import { moduleNeeds, moduleSlow } from './faults.ts';
import { changedByHooks, runHooks, type HookOwner } from './hooks.ts';
import { inOrder, usedBy, verifyRequiredModules, type MissingModule } from './order.ts';
import type { Message } from '../protocol/index.ts';

/** `absent`: expected, and nobody brought it. `failed`: it did not begin, and nothing stands in for it. */
export type ModuleState = 'waiting' | 'ready' | 'degraded' | 'absent' | 'failed';

export interface ModulesStatus {
  readonly timestamp: string;
  /** True only for what is ready. */
  readonly modules: Readonly<Record<string, boolean>>;
  readonly states: Readonly<Record<string, ModuleState>>;
  /** Why a module is not ready, by its name. */
  readonly reasons: Readonly<Record<string, string>>;
  /** `3 of 5 modules integrated`. */
  readonly summary: string;
}

export interface ModulesStats {
  readonly modules: number;
  readonly ready: number;
  readonly setupMs: Readonly<Record<string, number>>;
}

export interface Registry {
  /** Resolves when every module has begun or been given up. Throws only for modules in a circle or of one name. */
  start(): Promise<ModulesStatus>;
  getStatus(): ModulesStatus;
  isModuleAvailable(name: string): boolean;
  /** Names of what is ready. */
  getIntegratedModules(): readonly string[];
  getStats(): ModulesStats;
  verifyRequiredModules(): readonly MissingModule[];
  /** What the module gives; null where it neither began nor has a stand-in. */
  port<Port>(module: ModuleDefinition<Port>): Port | null;
  /** The port where the module is ready; otherwise the fallback, which then stands in for it. */
  handleModuleUnavailable<Port>(name: string, fallback: () => Port): Port;
  transformRequest(request: OutgoingRequest): Promise<OutgoingRequest>;
  actionsFor(message: Message): readonly RenderedAction[];
  close(): void;
}

/** The seed's five, by the names its status has for them. */
const EXPECTED: ReadonlyMap<string, string> = new Map([
  ['persona', 'personaModule'],
  ['scenario', 'scenarioModule'],
  ['prompts', 'promptManager'],
  ['gifts', 'giftManager'],
  ['suggestions', 'suggestionsManager'],
]);

/** A person has long begun to write by then. */
export const SETUP_MS_MAX = 5000;

interface Entry {
  readonly module: AnyModule;
  state: ModuleState;
  port: unknown;
  hooks: ModuleHooks;
  reason: string | null;
  setupMs: number;
}

export function createRegistry(modules: readonly AnyModule[], context: ModuleContext): Registry {
  const entries = new Map<string, Entry>();
  for (const module of inOrder(modules)) {
    entries.set(module.name, { module, state: 'waiting', port: null, hooks: {}, reason: null, setupMs: 0 });
  }
  const closed = new AbortController();
  const offs: (() => void)[] = [];
  let starting: Promise<ModulesStatus> | null = null;
  const owners = (): readonly HookOwner[] =>
    [...entries.values()].map(({ module, hooks }) => ({ name: module.name, hooks }));
  const status = (): ModulesStatus => statusOf(entries, toIso(context.clock.now()));

  const start = async (): Promise<ModulesStatus> => {
    const begun = new Map<string, Promise<void>>();
    for (const entry of entries.values()) {
      const before = usedBy(entry.module).map((name) => begun.get(name));
      begun.set(
        entry.module.name,
        Promise.all(before).then(() => bringUp(entry, entries, context, closed.signal)),
      );
    }
    await Promise.all(begun.values());
    const { events } = context;
    offs.push(events.on('message:sent', (message) => runHooks(owners(), 'onMessageSent', message, context)));
    offs.push(
      events.on('message:received', ({ message }) => runHooks(owners(), 'onMessageReceived', message, context)),
    );
    const { summary, modules } = status();
    events.triggerChatEvent('chatcore:ready', { summary, modules });
    return status();
  };

  return {
    start: () => (starting ??= start()),
    getStatus: status,
    isModuleAvailable: (name) => entryOf(entries, name)?.state === 'ready',
    getIntegratedModules: () => Object.entries(status().modules).flatMap(([name, isReady]) => (isReady ? [name] : [])),
    getStats: () => ({
      modules: entries.size,
      ready: [...entries.values()].filter(({ state }) => state === 'ready').length,
      setupMs: Object.fromEntries([...entries].map(([name, { setupMs }]) => [name, setupMs])),
    }),
    verifyRequiredModules: () => verifyRequiredModules(modules),
    port: ({ name }) => (entries.get(name)?.port ?? null) as never,
    handleModuleUnavailable: (name, fallback) => {
      const entry = entryOf(entries, name);
      if (entry?.state === 'ready') return entry.port as ReturnType<typeof fallback>;
      const port = fallback();
      const module: AnyModule = { name, setup: fallback };
      const stand: Entry = entry ?? { module, state: 'degraded', port, hooks: {}, reason: null, setupMs: 0 };
      Object.assign(stand, { state: 'degraded', port });
      entries.set(stand.module.name, stand);
      return port;
    },
    transformRequest: (request) => changedByHooks(owners(), request, context),
    actionsFor: (message) => owners().flatMap(({ hooks }) => hooks.renderAction?.(message) ?? []),
    close: () => {
      closed.abort();
      for (const off of offs.splice(0)) off();
    },
  };
}

async function bringUp(
  entry: Entry,
  entries: ReadonlyMap<string, Entry>,
  context: ModuleContext,
  closed: AbortSignal,
): Promise<void> {
  const { module } = entry;
  const startedMs = context.clock.now();
  try {
    entry.port = await setUp(entry, entries, context, closed);
    entry.state = 'ready';
  } catch (error) {
    entry.reason = error instanceof Error ? error.message : String(error);
    const { fallback } = module;
    entry.state = fallback === undefined ? 'failed' : 'degraded';
    if (fallback !== undefined) entry.port = fallback(context);
    const where = `the setup of ${module.name}`;
    context.events.triggerChatEvent('chat:error', { where, userMessage: entry.reason, error });
  }
  entry.setupMs = context.clock.now() - startedMs;
  if (entry.state !== 'failed') entry.hooks = module.hooks?.(entry.port as never, context) ?? {};
}

async function setUp(
  { module }: Entry,
  entries: ReadonlyMap<string, Entry>,
  context: ModuleContext,
  closed: AbortSignal,
): Promise<unknown> {
  const isThere = (name: string): boolean => ['ready', 'degraded'].includes(entries.get(name)?.state ?? 'absent');
  const missing = (module.requires ?? []).filter((name) => !isThere(name));
  if (missing.length > 0) throw moduleNeeds(module.name, missing);
  const late = new AbortController();
  const ended = new AbortController();
  const given: SetupContext = {
    ...context,
    signal: AbortSignal.any([late.signal, closed]),
    port: ({ name }) => (entries.get(name)?.port ?? undefined) as never,
  };
  const slow = context.clock.sleep(SETUP_MS_MAX, ended.signal).then(() => {
    if (ended.signal.aborted) return undefined;
    late.abort();
    throw moduleSlow(module.name, SETUP_MS_MAX);
  });
  try {
    // A setup that throws at once is the same as one that fails later.
    return await Promise.race([Promise.resolve().then(() => module.setup(given)), slow]);
  } finally {
    ended.abort();
  }
}

const statusNameOf = (name: string, module?: AnyModule): string => module?.statusName ?? EXPECTED.get(name) ?? name;

const entryOf = (entries: ReadonlyMap<string, Entry>, name: string): Entry | undefined =>
  entries.get(name) ?? [...entries.values()].find(({ module }) => statusNameOf(module.name, module) === name);

function statusOf(entries: ReadonlyMap<string, Entry>, timestamp: string): ModulesStatus {
  const names = new Set([...EXPECTED.keys(), ...entries.keys()]);
  const rows = [...names].map((name) => {
    const entry = entries.get(name);
    return { name: statusNameOf(name, entry?.module), state: entry?.state ?? 'absent', reason: entry?.reason ?? null };
  });
  const ready = rows.filter(({ state }) => state === 'ready').length;
  return {
    timestamp,
    modules: Object.fromEntries(rows.map(({ name, state }) => [name, state === 'ready'])),
    states: Object.fromEntries(rows.map(({ name, state }) => [name, state])),
    reasons: Object.fromEntries(rows.flatMap(({ name, reason }) => (reason === null ? [] : [[name, reason]]))),
    summary: `${ready} of ${rows.length} modules integrated`,
  };
}

// Lets the modules have their say about a message.
// Rule: all of them at once, for 50 ms; who takes longer goes on by itself and is told of. A message waits for nobody.

import type { ModuleContext, ModuleHooks, OutgoingRequest } from './define-module.ts';
import { hookSlow } from './faults.ts';

/** Below what a person notices between pressing a key and seeing the message. */
export const HOOK_MS_MAX = 50;

export interface HookOwner {
  readonly name: string;
  readonly hooks: ModuleHooks;
}

type Told = 'onMessageSent' | 'onMessageReceived';

/** Resolves when all have answered, or their time is over. Never rejects. */
export async function runHooks<Hook extends Told>(
  owners: readonly HookOwner[],
  hook: Hook,
  data: Parameters<NonNullable<ModuleHooks[Hook]>>[0],
  context: ModuleContext,
): Promise<void> {
  const tell = (hooks: ModuleHooks): unknown => hooks[hook]?.(data as never);
  const called = owners.filter(({ hooks }) => hooks[hook] !== undefined);
  await Promise.all(
    called.map(({ name, hooks }) => withinTime({ name, hook, context, limitMs: HOOK_MS_MAX }, () => tell(hooks))),
  );
}

/** What goes to the server, after each module had its turn within the same 50 ms; one that fails or is late changes nothing. */
export async function changedByHooks(
  owners: readonly HookOwner[],
  request: OutgoingRequest,
  context: ModuleContext,
): Promise<OutgoingRequest> {
  let changed = request;
  const untilMs = context.clock.now() + HOOK_MS_MAX;
  for (const { name, hooks } of owners) {
    const before = changed;
    if (hooks.transformRequest === undefined) continue;
    const work = (): unknown => hooks.transformRequest?.(before);
    const answer = await withinTime(
      { name, hook: 'transformRequest', context, limitMs: untilMs - context.clock.now() },
      work,
    );
    changed = isRequest(answer) ? answer : before;
  }
  return changed;
}

const isRequest = (value: unknown): value is OutgoingRequest =>
  typeof value === 'object' &&
  value !== null &&
  'content' in value &&
  typeof value.content === 'string' &&
  'artifactIds' in value;

interface Turn {
  readonly name: string;
  readonly hook: string;
  readonly context: ModuleContext;
  readonly limitMs: number;
}

async function withinTime({ name, hook, context, limitMs }: Turn, work: () => unknown): Promise<unknown> {
  const fail = (error: unknown): void => {
    const where = `${hook} of ${name}`;
    context.events.triggerChatEvent('chat:error', { where, userMessage: 'A part of the chat failed.', error });
  };
  const ended = new AbortController();
  const late = context.clock.sleep(limitMs, ended.signal).then(() => {
    if (!ended.signal.aborted) fail(hookSlow(name, hook, HOOK_MS_MAX));
  });
  const answer = Promise.resolve().then(work).catch(fail);
  const first = await Promise.race([answer, late]);
  ended.abort();
  return first;
}

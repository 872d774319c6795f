// Who an agent's event names as the writer of what happened in it.

import type { Agent, Model, PromptReference } from '../attribution/attribution.ts';
import { recognise, type Registry } from '../attribution/registry.ts';

import { agentCalled } from './agents.ts';
import type { HookEvent } from './read-hook-event.ts';
import type { Writer } from './worklog.ts';

/** `model`: as the payload or the transcript tells it; null: the agent works and does not tell. */
export function writerOf(
  event: HookEvent,
  model: string | null,
  prompt: PromptReference | null,
  registry: Registry,
): Writer & { readonly actor: 'ai' } {
  return { actor: 'ai', evidence: 'hook', agent: agentOf(event), model: modelOf(event, model, registry), prompt };
}

function agentOf(event: HookEvent): Agent {
  return {
    tool: event.agent,
    toolVersion: event.toolVersion,
    mode: event.mode,
    sessionId: event.sessionId === 'unknown' ? null : event.sessionId,
    turn: event.turn,
    toolUseId: 'toolUseId' in event ? event.toolUseId : null,
    subagent: event.subagent,
  };
}

/** Products that answer with models of several companies, when a model's name tells none. */
const SELLERS: Readonly<Record<string, string>> = { copilot: 'github', cursor: 'cursor' };

function modelOf(event: HookEvent, name: string | null, registry: Registry): Model {
  const own = agentCalled(event.agent)?.provider ?? SELLERS[event.agent] ?? null;
  if (name === null) return { kind: 'untold', provider: own };
  const slash = name.indexOf('/');
  const told = slash > 0 ? name.slice(0, slash) : null;
  const provider = told ?? recognise(registry, own, name).provider ?? own ?? 'unknown';
  const model = told === null ? name : name.slice(slash + 1);
  return { kind: 'known', provider, model, version: null, temperatureMilli: null, maxTokens: null };
}

// What the modules of a chat ask of the server: personas, scenarios, prompts, gifts, suggestions, characters, embeds.

import * as z from 'zod/mini';

import { newId } from 'kernel/basics';

import {
  Character,
  Embed,
  FilledPrompt,
  Gift,
  Persona,
  Prompt,
  Rewards,
  Scenario,
  Suggestions,
  Visitor,
  type EmbedDraft,
  type PersonaDraft,
  type PromptDraft,
  type ScenarioDraft,
} from '../protocol/index.ts';
import type { Requests, Schema } from './create-requests.ts';
import { queryOf } from './join-url.ts';

/** Things that a person makes, changes and takes away. */
export interface Shelf<Thing, Draft> {
  list(): Promise<readonly Thing[]>;
  add(draft: Draft, key?: string): Promise<Thing>;
  change(id: string, draft: Draft): Promise<Thing>;
  remove(id: string): Promise<void>;
}

export interface ModulesApi {
  readonly personas: Shelf<Persona, PersonaDraft>;
  readonly scenarios: Shelf<Scenario, ScenarioDraft>;
  readonly embeds: Shelf<Embed, EmbedDraft>;
  readonly prompts: Shelf<Prompt, PromptDraft> & {
    versions(id: string): Promise<readonly Prompt[]>;
    filled(id: string, context: Readonly<Record<string, string>>): Promise<FilledPrompt>;
  };
  characters(): Promise<readonly Character[]>;
  rewards(timeZone: string): Promise<Rewards>;
  /** Opens a gift for its points. */
  takeGift(giftId: string, key?: string): Promise<Gift>;
  suggestions(chatId: string): Promise<Suggestions>;
  /** A visitor of an embedded chat. @param token Of an earlier visit, to stay the same one. */
  visitor(embedId: string, token?: string): Promise<Visitor>;
}

export function createModulesApi(requests: Requests): ModulesApi {
  const prompts = '/chat/prompts';
  return {
    personas: shelf<Persona, PersonaDraft>(requests, '/chat/personas', Persona),
    scenarios: shelf<Scenario, ScenarioDraft>(requests, '/chat/scenarios', Scenario),
    embeds: shelf<Embed, EmbedDraft>(requests, '/chat/embeds', Embed),
    prompts: {
      ...shelf<Prompt, PromptDraft>(requests, prompts, Prompt),
      versions: (id) => listed(requests, `${prompts}/${encodeURIComponent(id)}/versions`, Prompt),
      filled: (id, context) =>
        requests.request('GET', `${prompts}/${encodeURIComponent(id)}/filled${queryOf(context)}`, undefined, {
          schema: FilledPrompt,
        }),
    },
    characters: () => listed(requests, '/chat/characters', Character),
    rewards: (timeZone) =>
      requests.request('GET', `/chat/rewards${queryOf({ timeZone })}`, undefined, { schema: Rewards }),
    takeGift: (giftId, key = newId<'send'>()) =>
      requests.request(
        'POST',
        `/chat/gifts/${encodeURIComponent(giftId)}`,
        {},
        {
          idempotencyKey: key,
          schema: Gift,
        },
      ),
    suggestions: (chatId) =>
      requests.request('GET', `/chat/suggestions${queryOf({ chatId })}`, undefined, { schema: Suggestions }),
    visitor: (embedId, token) =>
      requests.request(
        'POST',
        `/chat/embeds/${encodeURIComponent(embedId)}/visitors`,
        {},
        {
          idempotencyKey: newId<'send'>(),
          schema: Visitor,
          ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
        },
      ),
  };
}

function shelf<Thing, Draft>(requests: Requests, path: string, schema: Schema<Thing>): Shelf<Thing, Draft> {
  const at = (id: string): string => `${path}/${encodeURIComponent(id)}`;
  return {
    list: () => listed(requests, path, schema),
    add: (draft, key = newId<'send'>()) => requests.request('POST', path, draft, { idempotencyKey: key, schema }),
    change: (id, draft) => requests.request('PUT', at(id), draft, { schema }),
    remove: async (id) => {
      await requests.request('DELETE', at(id));
    },
  };
}

const Wrapped = z.record(z.string(), z.unknown());

/** A list as it is, or as the only list of an object: `{ personas: […] }`. */
async function listed<Thing>(requests: Requests, path: string, schema: Schema<Thing>): Promise<readonly Thing[]> {
  const answer = await requests.request('GET', path);
  const wrapped = Wrapped.safeParse(answer);
  const list = Array.isArray(answer) ? answer : wrapped.success ? Object.values(wrapped.data).find(Array.isArray) : [];
  return (list ?? []).flatMap((item: unknown) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });
}

// Every event of a chat and what it carries. The names are the seed's; its other spellings are aliases.
// Rule: what travels in an event is plain data, so that it can be mirrored to a page and over a bridge.

import type { Chat, Message, Persona, Rewards, Suggestion } from '../protocol/index.ts';

/** What went wrong, as a person may read it. */
export interface ChatFailure {
  /** Where it happened, such as `a handler of message:sent`. */
  readonly where: string;
  readonly userMessage: string;
  readonly error: unknown;
}

export interface ChatEvents {
  /** The server has the message. */
  'message:sent': {
    readonly chatId: string;
    readonly messageId: string;
    readonly content: string;
    readonly timestamp: number;
  };
  /** An answer is whole. */
  'message:received': { readonly chatId: string; readonly message: Message };
  'chat:loaded': { readonly chatId: string; readonly chat: Chat | null };
  'chat:error': ChatFailure;
  'chat:selected': { readonly chatId: string };
  'message:like': { readonly messageId: string };
  'message:regenerate': { readonly messageId: string };
  'image:upscale': { readonly imageId: string };
  'persona:added': { readonly persona: Pick<Persona, 'name' | 'description'> & Partial<Persona> };
  'persona:close': Readonly<Record<string, never>>;
  'scenario:changed': { readonly scenarioId: string | null };
  /** The page around asks for another scenario; `scenario:changed` says that it was done. */
  'scenario:change': { readonly scenarioId: string | null };
  'display:message': { readonly text: string };
  /** Any other action, such as `copy` on a message or `open` from the page around. */
  'chat:action': { readonly action: string; readonly messageId?: string; readonly imageId?: string };
  'chatapi:fetch-success': { readonly chatId: string; readonly path: string };
  'chatapi:fetch-error': { readonly chatId: string; readonly path: string; readonly error: unknown };
  'prompt:retrieved': { readonly promptId: string; readonly content: string; readonly missing: readonly string[] };
  'gift:opened': { readonly rewards: Rewards | null };
  'suggestions:retrieved': { readonly suggestions: readonly Suggestion[] };
  'chatcore:ready': { readonly summary: string; readonly modules: Readonly<Record<string, boolean>> };
  /** Somebody began or stopped writing an answer. */
  'chat:typing': { readonly chatId: string; readonly isTyping: boolean };
}

export type ChatEventName = keyof ChatEvents;

/** A name of ours carries its own data; a name that a module made up carries what that module says. */
export type EventOf<Name extends string> = Name extends ChatEventName ? ChatEvents[Name] : unknown;

/** Every name of the list above: a name left out here does not compile. */
const EACH: Readonly<Record<ChatEventName, true>> = {
  'message:sent': true,
  'message:received': true,
  'chat:loaded': true,
  'chat:error': true,
  'chat:selected': true,
  'message:like': true,
  'message:regenerate': true,
  'image:upscale': true,
  'persona:added': true,
  'persona:close': true,
  'scenario:changed': true,
  'scenario:change': true,
  'display:message': true,
  'chat:action': true,
  'chatapi:fetch-success': true,
  'chatapi:fetch-error': true,
  'prompt:retrieved': true,
  'gift:opened': true,
  'suggestions:retrieved': true,
  'chatcore:ready': true,
  'chat:typing': true,
};
export const CHAT_EVENT_NAMES: readonly string[] = Object.keys(EACH);

/** Hears every event, as `{ name, data }`. */
export const EVERY_EVENT = 'chat:event';

/** Other spellings of the seed. Besides these, `chat:` before any name means that name: `chat:message:sent`. */
export const EVENT_ALIASES: ReadonlyMap<string, ChatEventName> = new Map([
  ['chat:message-sent', 'message:sent'],
  ['chat:message-received', 'message:received'],
] as const);

/** Lower case, words with `-`, at least one `:`; so no name is ever one that an object inherits. */
const NAME = /^[a-z][a-z0-9-]{0,40}(?::[a-z][a-z0-9-]{0,40}){1,3}$/;

const NAMES: ReadonlySet<string> = new Set(CHAT_EVENT_NAMES);

/** The name that is meant, or null where it cannot be one. */
export function eventNameOf(spelling: string): string | null {
  if (!NAME.test(spelling)) return null;
  if (NAMES.has(spelling) || spelling === EVERY_EVENT) return spelling;
  const bare = spelling.startsWith('chat:') ? spelling.slice('chat:'.length) : '';
  return EVENT_ALIASES.get(spelling) ?? (NAMES.has(bare) ? bare : spelling);
}

// What the routes of Chat are handed, and how they describe what they answer.

import type { Context, MiddlewareHandler } from 'hono';
import { resolver } from 'hono-openapi';
import type * as z from 'zod/mini';

import type { ImageModel } from './artifacts.ts';
import type { ConversationPorts, Conversations } from './conversations.ts';

export interface ChatRoutePorts extends ConversationPorts {
  readonly conversations: Conversations;
  /** Who is asking. */
  readerOf(context: Context): { readonly id: string };
  /** Lets through everybody who has conversations: people, and visitors of embedded chats. */
  readonly mayTalk: MiddlewareHandler;
  /** Lets through those who may change what visitors meet: owners. */
  readonly mayEmbed: MiddlewareHandler;
  /** Aborts when the server ends. */
  readonly closing: AbortSignal;
  /** Makes pictures; without one what needs it is degraded, and says so. */
  readonly images?: ImageModel;
}

export const answers = (status: number, description: string, schema: z.ZodMiniType) => ({
  responses: { [status]: { description, content: { 'application/json': { schema: resolver(schema) } } } },
});

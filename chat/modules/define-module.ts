// What a module of a chat is: a name, what it needs, how it begins, and what stands in for it.
// Rule: a stand-in is seen as one: a module that runs on its fallback is `degraded`, never `ready`.

import type { Clock } from 'kernel/basics';

import type { Events } from '../events/index.ts';
import type { Message } from '../protocol/index.ts';
import type { ChatApi, ModulesApi, Requests } from '../requests/index.ts';

/** What every module is given. */
export interface ModuleContext {
  readonly events: Events;
  readonly requests: Requests;
  readonly api: ChatApi;
  readonly modules: ModulesApi;
  readonly clock: Clock;
  /** The conversation that is shown; null before it was begun. */
  chatId(): string | null;
}

export interface SetupContext extends ModuleContext {
  /** What another module gives; undefined where an optional one is not there. */
  port<Port>(module: ModuleDefinition<Port>): Port | undefined;
  /** Aborts when the setup took too long, and when the chat is closed. */
  readonly signal: AbortSignal;
}

export interface SentMessage {
  readonly chatId: string;
  readonly messageId: string;
  readonly content: string;
}

/** What goes to the server with a question; a module may change it. */
export interface OutgoingRequest {
  readonly content: string;
  readonly artifactIds: readonly string[];
}

export interface RenderedAction {
  /** As in data-message-action; the module hears it as `chat:action`. */
  readonly action: string;
  readonly label: string;
}

/** All of them run beside each other within a short time, and none can hold up a message. */
export interface ModuleHooks {
  onMessageSent?(message: SentMessage): unknown;
  onMessageReceived?(message: Message): unknown;
  transformRequest?(request: OutgoingRequest): OutgoingRequest | Promise<OutgoingRequest>;
  /** Something more that a person can do with a message, or null. */
  renderAction?(message: Message): RenderedAction | null;
}

export interface ModuleDefinition<Port> {
  readonly name: string;
  /** How the status calls it; its name where it is left out. */
  readonly statusName?: string;
  /** Modules without which it cannot begin. */
  readonly requires?: readonly string[];
  /** Modules that it uses where they are there; they begin before it. */
  readonly optional?: readonly string[];
  setup(context: SetupContext): Port | Promise<Port>;
  /** Stands in where the setup fails, takes too long, or lacks something. */
  fallback?(context: ModuleContext): Port;
  hooks?(port: Port, context: ModuleContext): ModuleHooks;
}

export const defineModule = <Port>(definition: ModuleDefinition<Port>): ModuleDefinition<Port> => definition;

/** Any module, where its port does not matter. */
export type AnyModule = Omit<ModuleDefinition<unknown>, 'hooks'> & {
  hooks?(port: never, context: ModuleContext): ModuleHooks;
};

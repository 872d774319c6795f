// Everything of one chat, put together: requests, events, modules and the conversation. What a screen needs, in React,
// in the element, or in a test.

import { systemClock, type Clock } from 'kernel/basics';

import { createEvents, type Events } from '../events/index.ts';
import {
  createRegistry,
  giftsModule,
  personaModule,
  promptsModule,
  scenarioModule,
  suggestionsModule,
  type AnyModule,
  type ModuleContext,
  type Registry,
} from '../modules/index.ts';
import {
  createChatApi,
  createDrafts,
  createModulesApi,
  createRequests,
  type ChatApi,
  type Drafts,
  type Keeping,
  type ModulesApi,
  type Requests,
  type RequestsOptions,
  type Wake,
} from '../requests/index.ts';
import { createThread, type Thread } from './create-thread.ts';
import type { Frames } from './token-buffer.ts';

export interface OpenChatOptions extends RequestsOptions {
  /** A conversation, or a character to talk to. */
  readonly target: string;
  readonly keeping: Keeping;
  readonly frames: Frames;
  readonly wake?: Wake;
  readonly language?: string;
  /** The seed's five where it is left out. */
  readonly modules?: readonly AnyModule[];
}

export interface OpenChat {
  readonly requests: Requests;
  readonly events: Events;
  readonly api: ChatApi;
  readonly modulesApi: ModulesApi;
  readonly modules: Registry;
  readonly thread: Thread;
  readonly drafts: Drafts;
  /** Reads the conversation and brings the modules up. Never rejects: what fails is in the state and in chat:error. */
  start(): Promise<void>;
  close(): void;
}

export const SEED_MODULES: readonly AnyModule[] = [
  personaModule,
  scenarioModule,
  promptsModule,
  giftsModule,
  suggestionsModule,
];

export function openChat(options: OpenChatOptions): OpenChat {
  const { target, keeping, frames, wake, language = 'en', modules = SEED_MODULES, ...asking } = options;
  const clock: Clock = asking.clock ?? systemClock;
  const requests = createRequests({ messages: language, ...asking, clock });
  const events = createEvents();
  const api = createChatApi(requests, events);
  const modulesApi = createModulesApi(requests);
  const context: ModuleContext = {
    events,
    requests,
    api,
    modules: modulesApi,
    clock,
    chatId: () => thread.store.getState().chatId,
  };
  const registry = createRegistry(modules, context);
  const thread = createThread({
    requests,
    api,
    events,
    target,
    keeping,
    frames,
    language,
    transformRequest: (request) => registry.transformRequest(request),
    ...(wake === undefined ? {} : { wake }),
  });
  return {
    requests,
    events,
    api,
    modulesApi,
    modules: registry,
    thread,
    drafts: createDrafts(keeping),
    start: async () => {
      await thread.load();
      await registry.start();
    },
    close: () => {
      thread.close();
      registry.close();
      requests.abortAllRequests();
    },
  };
}

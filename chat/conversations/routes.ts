// Chat over HTTP, under /api/chat. Shapes: ../protocol.
// Rule: GET never changes anything. What is another person's is answered as if it were not there.

import { Hono, type Context } from 'hono';
import { describeRoute } from 'hono-openapi';
import * as z from 'zod/mini';

import { afterOf, PageQuery, sseOfRun, validated } from 'kernel/http';

import {
  ActionTaken,
  ActiveRun,
  BeginChat,
  ChangeChat,
  Chat,
  ChatPage,
  ChatState,
  Completion,
  HISTORY_LIMIT_DEFAULT,
  HISTORY_LIMIT_MAX,
  HistoryPage,
  MessageAction,
  PostedMessage,
  PostMessage,
  RunAccepted,
} from '../protocol/index.ts';
import { beginChat, changeChat, chatOfPerson, listChats, openChat } from './chats.ts';
import { activeRun, complete, postMessage, takeAction, type Asked, type Completed } from './completions.ts';
import { notThatPerson, resetNeedsPost } from './faults.ts';
import { historyOf } from './history.ts';
import { addModuleRoutes } from './module-routes.ts';
import { answers, type ChatRoutePorts } from './route-ports.ts';
import type { ChatTables } from './tables.ts';
import { uiStreamOf, UiStreamRequest } from './ui-stream.ts';

const OpenQuery = z.object({
  chatId: z.string().check(z.minLength(1), z.maxLength(100)),
  userId: z.optional(z.string()),
  reset: z.optional(z.string()),
});
const HistoryQuery = z.object({
  limit: z._default(
    z.coerce.number().check(z.int(), z.minimum(1), z.maximum(HISTORY_LIMIT_MAX)),
    HISTORY_LIMIT_DEFAULT,
  ),
  offset: z.optional(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(1_000_000))),
  before: z.optional(z.coerce.number().check(z.int(), z.minimum(1))),
  branches: z.optional(z.literal('all')),
});
const ListQuery = z.extend(PageQuery, { archived: z._default(z.stringbool(), false) });

export function chatRoutes(ports: ChatRoutePorts): Hono {
  const app = new Hono();
  addModuleRoutes(app, ports);
  addChats(app, ports);
  addHistory(app, ports);
  addMessages(app, ports);
  addAnswers(app, ports);
  return app;
}

function addChats(app: Hono, { conversations, readerOf, mayTalk }: ChatRoutePorts): void {
  app.get(
    '/',
    describeRoute({ summary: 'Opens a chat, or shows whom one would talk to', ...answers(200, 'The chat', ChatState) }),
    mayTalk,
    validated('query', OpenQuery),
    async (context) => {
      const { chatId, userId, reset } = context.req.valid('query');
      if (reset === 'true' || reset === '1') throw resetNeedsPost();
      const reader = readerOf(context).id;
      mustBe(reader, userId);
      return context.json(await openChat(conversations, reader, chatId));
    },
  );
  app.post(
    '/',
    describeRoute({
      summary: 'Begins a chat; reset archives the one there is',
      ...answers(200, 'The chat', ChatState),
    }),
    mayTalk,
    validated('json', BeginChat),
    async (context) => {
      const begin = context.req.valid('json');
      const reader = readerOf(context).id;
      mustBe(reader, begin.userId);
      return context.json(await beginChat(conversations, reader, begin));
    },
  );
  app.get(
    '/list',
    describeRoute({ summary: 'Your chats, the newest first', ...answers(200, 'Chats', ChatPage) }),
    mayTalk,
    validated('query', ListQuery),
    async (context) => context.json(await listChats(conversations, readerOf(context).id, context.req.valid('query'))),
  );
  app.patch(
    '/:id',
    describeRoute({ summary: 'Changes a chat, or archives it', ...answers(200, 'The chat', Chat) }),
    mayTalk,
    validated('json', ChangeChat),
    async (context) => {
      const which = { person: readerOf(context).id, id: context.req.param('id') };
      return context.json(await changeChat(conversations, which, context.req.valid('json')));
    },
  );
}

/** The seed sends a userId; it may only be one's own. */
function mustBe(reader: string, userId: string | undefined): void {
  if (userId !== undefined && userId !== '' && userId !== reader && userId !== 'me') throw notThatPerson();
}

function addHistory(app: Hono, { store, conversations, readerOf, mayTalk }: ChatRoutePorts): void {
  app.get(
    '/:id/history',
    describeRoute({ summary: 'A page of the conversation', ...answers(200, 'Messages', HistoryPage) }),
    mayTalk,
    validated('query', HistoryQuery),
    async (context) => {
      const { limit, offset, before, branches } = context.req.valid('query');
      const chat = await chatOfPerson(store.read<ChatTables>(), readerOf(context).id, context.req.param('id'));
      const page = await historyOf(store.read<ChatTables>(), chat, {
        limit,
        ...(offset === undefined ? {} : { offset }),
        ...(before === undefined ? {} : { before }),
        ...(branches === undefined ? {} : { allBranches: true }),
      });
      if (page.before !== null) {
        const next = new URLSearchParams({ limit: String(limit), before: String(page.before) });
        context.header('link', `<${context.req.path}?${next.toString()}>; rel="next"`);
      }
      return context.json(page);
    },
  );
  app.get(
    '/:id/active-run',
    describeRoute({
      summary: 'The answer that is being written; 204 where none is',
      ...answers(200, 'Run', ActiveRun),
    }),
    mayTalk,
    async (context) => {
      const run = await activeRun(conversations, readerOf(context).id, context.req.param('id'));
      return run === undefined ? context.body(null, 204) : context.json(run);
    },
  );
}

const askedBy = (context: Context, { readerOf }: ChatRoutePorts): Asked => ({
  person: readerOf(context).id,
  chat: context.req.param('id') ?? '',
  key: context.req.header('idempotency-key'),
});

function addMessages(app: Hono, ports: ChatRoutePorts): void {
  const { conversations, mayTalk } = ports;
  app.post(
    '/:id/message',
    describeRoute({
      summary: 'Adds a message, once for each Idempotency-Key',
      ...answers(201, 'Message', PostedMessage),
    }),
    mayTalk,
    validated('json', PostMessage),
    async (context) => {
      const { kind, message } = await postMessage(conversations, askedBy(context, ports), context.req.valid('json'));
      if (kind === 'repeated') context.header('idempotent-replay', 'true');
      return context.json({ ...message, success: true as const, messageId: message.id }, kind === 'posted' ? 201 : 200);
    },
  );
  app.post(
    '/:id/messages/:message/actions',
    describeRoute({
      summary: 'Likes, regenerates, edits, shows a branch, reports',
      ...answers(200, 'Done', ActionTaken),
    }),
    mayTalk,
    validated('json', MessageAction),
    async (context) => {
      const asked = { ...askedBy(context, ports), message: context.req.param('message') };
      return context.json(await takeAction(conversations, asked, context.req.valid('json')));
    },
  );
}

function addAnswers(app: Hono, ports: ChatRoutePorts): void {
  const { conversations, journal, clock, mayTalk, closing } = ports;
  app.post(
    '/:id/completion',
    describeRoute({
      summary: 'Asks for an answer; streams it to whoever accepts events',
      ...answers(202, 'Run', RunAccepted),
    }),
    mayTalk,
    validated('json', Completion),
    async (context) => {
      const completed = await complete(conversations, askedBy(context, ports), context.req.valid('json'));
      if (completed.kind === 'repeated') context.header('idempotent-replay', 'true');
      const run = runIn(completed);
      if (run === undefined || !(context.req.header('accept') ?? '').includes('text/event-stream')) {
        return 'message' in completed
          ? context.json({ message: completed.message }, 200)
          : context.json(completed.run, completed.kind === 'repeated' ? 200 : 202);
      }
      const signal = AbortSignal.any([closing, context.req.raw.signal]);
      const stream = sseOfRun(journal, run, { clock, after: afterOf(context.req.raw), signal });
      if (completed.kind === 'repeated') stream.headers.set('idempotent-replay', 'true');
      return stream;
    },
  );
  app.post(
    '/:id/ui-stream',
    describeRoute({ summary: 'The same in the UI message stream protocol of the AI SDK' }),
    mayTalk,
    validated('json', UiStreamRequest),
    async (context) =>
      uiStreamOf(ports, askedBy(context, ports), { ask: context.req.valid('json') }, context.req.raw.signal),
  );
  app.get(
    '/:id/ui-stream/:chat/stream',
    describeRoute({ summary: 'Goes on with the answer that is being written; 204 where none is' }),
    mayTalk,
    async (context) => {
      const run = await activeRun(conversations, ports.readerOf(context).id, context.req.param('id'));
      if (run === undefined) return context.body(null, 204);
      return uiStreamOf(ports, askedBy(context, ports), { resume: run }, context.req.raw.signal);
    },
  );
}

const runIn = (completed: Completed) => ('run' in completed ? (completed.run.runId as never) : undefined);

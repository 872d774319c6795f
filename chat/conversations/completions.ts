// Posting a message and asking for its answer: what happens between a request and the run that it starts.
// Rule: whatever is repeated with the same key is done once: the message, and the run of its answer.

import { newId, parseId, type RunId } from 'kernel/basics';
import type { Journal } from 'kernel/journal';

import {
  CHAT_PRODUCT,
  type Completion,
  type Message,
  type MessageAction,
  type PostMessage,
  type RunAccepted,
} from '../protocol/index.ts';
import type { AnswerInput } from './answer-input.ts';
import { artifactsOf } from './artifacts.ts';
import { characterOf } from './characters.ts';
import { chatOfPerson, stepOf, type ChatContext } from './chats.ts';
import { embedOfPerson } from './embeds.ts';
import { alreadyAnswering, isArchived, keyMissing, messageNotFound, nothingToAnswer, senderForged } from './faults.ts';
import { leafBelow, withBranches } from './history.ts';
import { inChat, insertMessage, postedBefore, written } from './messages.ts';
import { earnPoints } from './rewards.ts';
import { extrasOf, messageOf, type ChatRow, type Db, type MessageRow } from './rows.ts';
import type { ChatTables } from './tables.ts';

export interface CompletionContext extends ChatContext {
  readonly journal: Journal;
  /** In words for people, what would answer now. */
  sourceText(model: string): string;
  launch(run: RunId): void;
}

export interface Asked {
  readonly person: string;
  readonly chat: string;
  readonly key: string | undefined;
}

export type Posted =
  { readonly kind: 'posted'; readonly message: Message } | { readonly kind: 'repeated'; readonly message: Message };

export async function postMessage(context: ChatContext, asked: Asked, post: PostMessage): Promise<Posted> {
  if (post.sender === 'bot') throw senderForged();
  const { key } = asked;
  if (key === undefined) throw keyMissing();
  const { store, clock } = context;
  const artifacts = await artifactsOf(store, asked.person, post.artifactIds ?? []);
  const posted = await store.write(
    async (tx: Db) => {
      const chat = await chatOfPerson(tx, asked.person, asked.chat);
      const earlier = await postedBefore(tx, chat.id, { clientKey: key, content: post.content });
      if (earlier !== undefined) return { kind: 'repeated', chat, message: earlier } as const;
      if (chat.archived_at !== null) throw isArchived();
      const draft = written({
        id: newId<'message'>(),
        parent: post.parentId === undefined ? chat.head : post.parentId,
        content: post.content,
        extras: artifacts.length === 0 ? {} : { artifacts },
        clientKey: key,
        clientTimestamp: post.timestamp ?? null,
      });
      const inserted = await insertMessage(tx, { chat, now: clock.now() }, draft);
      await earnPoints(tx, asked.person, { reason: 'message', about: draft.id, at: clock.now() });
      return { kind: 'posted', ...inserted } as const;
    },
    { durable: true },
  );
  const [message] = await withBranches(store.read(), posted.chat, [posted.message]);
  return { kind: posted.kind, message: message ?? messageOf(posted.message) };
}

export type Completed =
  | { readonly kind: 'accepted' | 'repeated'; readonly run: RunAccepted }
  /** The guided set-up answered by itself: no model was asked. */
  | { readonly kind: 'answered'; readonly message: Message };

export async function complete(context: CompletionContext, asked: Asked, completion: Completion): Promise<Completed> {
  const { store } = context;
  if (completion.content === undefined && completion.messageId === undefined) throw nothingToAnswer();
  const question = await questionOf(context, asked, completion);
  const chat = await chatOfPerson(store.read<ChatTables>(), asked.person, asked.chat);
  const step = await setUpStep(context, chat, question);
  if (step !== undefined) return { kind: 'answered', message: step };
  const earlier = await answerTo(store.read<ChatTables>(), chat.id, question.id, asked.key);
  if (earlier !== undefined) return { kind: 'repeated', run: earlier };
  return {
    kind: 'accepted',
    run: await startAnswer(context, chat, { question, key: asked.key, model: completion.model }),
  };
}

async function questionOf(context: ChatContext, asked: Asked, completion: Completion): Promise<MessageRow> {
  const db = context.store.read<ChatTables>();
  const { content, messageId } = completion;
  if (content !== undefined) {
    const { message } = await postMessage(context, asked, { ...completion, content });
    return inChat(db, asked.chat, message.id);
  }
  await chatOfPerson(db, asked.person, asked.chat);
  const question = await inChat(db, asked.chat, messageId ?? '');
  if (question.sender !== 'user') throw messageNotFound(question.id);
  return question;
}

/** The answer that a request with this key began before. */
async function answerTo(
  db: Db,
  chat: string,
  question: string,
  key: string | undefined,
): Promise<RunAccepted | undefined> {
  if (key === undefined) return undefined;
  const row = await db
    .selectFrom('chat_messages')
    .select(['id', 'run', 'parent'])
    .where('chat', '=', chat)
    .where('client_key', '=', answerKey(key))
    .executeTakeFirst();
  if (row?.run == null || row.parent !== question) return undefined;
  return { runId: row.run, messageId: question, answerId: row.id };
}

/** A client's keys cannot begin so: they have no blank. */
const answerKey = (key: string): string => `answer ${key}`;

interface AnswerDraft {
  readonly question: MessageRow;
  readonly key: string | undefined;
  readonly model: string | undefined;
}

/** One run answers a message at a time; a second is told which. */
async function startAnswer(
  context: CompletionContext,
  chat: ChatRow,
  { question, key, model: asked }: AnswerDraft,
): Promise<RunAccepted> {
  const { journal } = context;
  const model = asked ?? chat.model;
  const answerId = newId<'message'>();
  const embed = (await embedOfPerson(context, chat.owner))?.id;
  const input: AnswerInput = {
    chatId: chat.id,
    messageId: question.id,
    answerId,
    model,
    ...(embed === undefined ? {} : { embed }),
  };
  const { kind, run } = await journal.start({
    product: CHAT_PRODUCT,
    title: chat.title === '' ? 'A chat' : chat.title,
    source: context.sourceText(model),
    owner: chat.owner,
    input,
    exclusiveKey: `${chat.id}/${question.id}`,
  });
  if (kind === 'already-running') throw alreadyAnswering(run.id);
  await insertAnswer(context, input, run.id, key);
  context.launch(run.id);
  return { runId: run.id, messageId: question.id, answerId };
}

/** The answer's message, empty, so that every reader sees that one is coming. Does nothing where it is there. */
export async function insertAnswer(
  { store, clock }: ChatContext,
  input: AnswerInput,
  run: string,
  key: string | undefined,
): Promise<void> {
  await store.write(async (tx: Db) => {
    const there = await tx.selectFrom('chat_messages').select('id').where('id', '=', input.answerId).executeTakeFirst();
    if (there !== undefined) return;
    const chat = await tx.selectFrom('chats').selectAll().where('id', '=', input.chatId).executeTakeFirst();
    if (chat === undefined) return;
    const draft = written({
      id: input.answerId,
      parent: input.messageId,
      content: '',
      sender: 'bot',
      status: 'streaming',
      run,
      clientKey: key === undefined ? null : answerKey(key),
    });
    await insertMessage(tx, { chat, now: clock.now() }, draft);
  });
}

/** During the guided set-up an answer is kept, and the next question comes from the character, not from a model. */
async function setUpStep(
  { store, clock }: ChatContext,
  chat: ChatRow,
  question: MessageRow,
): Promise<Message | undefined> {
  const character = characterOf(chat.character);
  if (character === undefined || stepOf(chat, character) >= character.steps.length) return undefined;
  const row = await store.write(async (tx: Db) => {
    const now = await chatOfPerson(tx, chat.owner, chat.id);
    const at = stepOf(now, character);
    const repeated = await tx
      .selectFrom('chat_messages')
      .selectAll()
      .where('parent', '=', question.id)
      .executeTakeFirst();
    const step = character.steps[at];
    if (repeated !== undefined || step === undefined) return repeated;
    const metadata = {
      ...(JSON.parse(now.metadata) as Record<string, string>),
      [step.key]: question.content.trim().slice(0, 200),
    };
    await tx
      .updateTable('chats')
      .set({ metadata: JSON.stringify(metadata) })
      .where('id', '=', chat.id)
      .execute();
    const content = character.steps[at + 1]?.question ?? character.greeting;
    const reply = written({ id: newId<'message'>(), parent: question.id, content, sender: 'bot' });
    return (await insertMessage(tx, { chat: now, now: clock.now() }, reply)).message;
  });
  return row === undefined ? undefined : messageOf(row);
}

export interface ActionTakenHere {
  readonly message: Message;
  readonly run: RunAccepted | null;
}

/** Rule: edit and regenerate add a message beside the old one; nothing is changed or hidden. */
export async function takeAction(
  context: CompletionContext,
  asked: Asked & { readonly message: string },
  action: MessageAction,
): Promise<ActionTakenHere> {
  const { store } = context;
  const db = store.read<ChatTables>();
  const chat = await chatOfPerson(db, asked.person, asked.chat);
  const row = await inChat(db, chat.id, asked.message);
  switch (action.action) {
    case 'like':
    case 'dislike':
    case 'clear-reaction': {
      const reaction = action.action === 'clear-reaction' ? null : action.action;
      await store.write((tx: Db) =>
        tx.updateTable('chat_messages').set({ reaction }).where('id', '=', row.id).execute(),
      );
      return { message: await shown(context, chat.id, row.id), run: null };
    }
    case 'report':
      await report(context, asked, action.reason);
      return { message: await shown(context, chat.id, row.id), run: null };
    case 'branch': {
      const head = await leafBelow(db, row.id);
      await store.write((tx: Db) => tx.updateTable('chats').set({ head }).where('id', '=', chat.id).execute());
      return { message: await shown(context, chat.id, head), run: null };
    }
    case 'regenerate': {
      const question = row.sender === 'user' ? row : await inChat(db, chat.id, row.parent ?? '');
      if (question.sender !== 'user') throw messageNotFound(row.id);
      const earlier = await answerTo(db, chat.id, question.id, asked.key);
      const run = earlier ?? (await startAnswer(context, chat, { question, key: asked.key, model: action.model }));
      return { message: await shown(context, chat.id, run.answerId), run };
    }
    case 'edit':
      return edit(context, { asked, chat, row }, action.content);
  }
}

async function edit(
  context: CompletionContext,
  { asked, chat, row }: { readonly asked: Asked; readonly chat: ChatRow; readonly row: MessageRow },
  content: string,
): Promise<ActionTakenHere> {
  const { store, clock } = context;
  const edited = await store.write(async (tx: Db) => {
    const current = await chatOfPerson(tx, asked.person, chat.id);
    const key = asked.key ?? null;
    const earlier = key === null ? undefined : await postedBefore(tx, chat.id, { clientKey: key, content });
    if (earlier !== undefined) return earlier;
    const draft = written({
      id: newId<'message'>(),
      parent: row.parent,
      content,
      sender: row.sender,
      extras: extrasOf(row),
      clientKey: key,
      editedAt: clock.now(),
    });
    return (await insertMessage(tx, { chat: current, now: clock.now() }, draft)).message;
  });
  if (row.sender === 'bot') return { message: await shown(context, chat.id, edited.id), run: null };
  const db = store.read<ChatTables>();
  const again = await chatOfPerson(db, asked.person, chat.id);
  const earlier = await answerTo(db, chat.id, edited.id, asked.key);
  const run = earlier ?? (await startAnswer(context, again, { question: edited, key: asked.key, model: undefined }));
  return { message: await shown(context, chat.id, edited.id), run };
}

async function shown({ store }: ChatContext, chat: string, id: string): Promise<Message> {
  const db = store.read<ChatTables>();
  const row = await db.selectFrom('chats').selectAll().where('id', '=', chat).executeTakeFirstOrThrow();
  const message = await inChat(db, chat, id);
  const [withBranch] = await withBranches(db, row, [message]);
  return withBranch ?? messageOf(message);
}

async function report(
  { store, clock }: ChatContext,
  asked: Asked & { readonly message: string },
  reason: string,
): Promise<void> {
  const row = { id: newId<'report'>(), message: asked.message, person: asked.person, reason, at: clock.now() };
  await store.write((tx: Db) => tx.insertInto('chat_message_reports').values(row).execute());
}

/** The run that is answering in this chat, and how far it has come. */
export async function activeRun({ journal, store }: CompletionContext, person: string, chatId: string) {
  const db = store.read<ChatTables>();
  const chat = await chatOfPerson(db, person, chatId);
  const streaming = await db
    .selectFrom('chat_messages')
    .select(['id', 'run'])
    .where('chat', '=', chat.id)
    .where('status', '=', 'streaming')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  const id = streaming?.run == null ? undefined : parseId<'run'>(streaming.run);
  const run = id === undefined ? undefined : await journal.get(id);
  if (run === undefined || streaming === undefined) return undefined;
  return { runId: run.id, answerId: streaming.id, lastSeq: run.lastSeq };
}

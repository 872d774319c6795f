// Executes the run of one answer: asks the model, writes what comes into the journal as it comes, and the whole into the
// conversation at the end.
// Rule: the run belongs to the server. Nobody's connection ends it; only a person's stop, a budget, a guard, or its end.
// Rule: killed at any point, it can be executed again: it goes on from the words that are in the journal.

import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';

import { Fault, toFault, type Clock, type RunId } from 'kernel/basics';
import type { Journal, RunRecord } from 'kernel/journal';
import { answerNotesOf, sourceChangeOf, type AnswerNotes, type Caller, type Models } from 'kernel/models';
import { isFinal } from 'kernel/protocol';
import type { Store } from 'kernel/store';
import type { Lease, Work } from 'kernel/work';

import {
  AnswerEvent,
  CHAT_PRODUCT,
  type Message,
  type MessageStatus,
  type Source,
  type ToolUse,
} from '../protocol/index.ts';
import type { AnswerInput } from './answer-input.ts';
import { DeltaWriter } from './delta-writer.ts';
import { modelUnknown } from './faults.ts';
import { withBranches } from './history.ts';
import { extrasText, messageOf, type Db, type Extras, type MessageRow } from './rows.ts';
import type { ChatTables } from './tables.ts';
import { callTool, TOOLS } from './tools.ts';

/** About 3,000 words. It also bounds what is set aside for an answer. */
const ANSWER_TOKENS_MAX = 4096;
/** A model that keeps calling tools is stopped after so many rounds. */
const ROUNDS_MAX = 6;
/** How often a run looks whether another process has stopped it. */
const LOOK_MS = 1000;

export interface AnswerPorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly work: Work;
  readonly clock: Clock;
  readonly models: Models;
  /** Who asks, with their guard. */
  callerOf(run: RunRecord, input: AnswerInput): Caller;
  promptFor(input: AnswerInput): Promise<Parameters<LanguageModelV4['doStream']>[0]['prompt']>;
  /** Once an answer is there. What goes wrong in it does not change the answer. */
  onAnswered(message: Message, owner: string): Promise<void>;
}

export interface Execution {
  readonly run: RunId;
  /** A person stopped it. */
  readonly stopped: AbortSignal;
  /** The process ends: leave it as it is, it is gone on with. */
  readonly down: AbortSignal;
}

interface Answering {
  readonly ports: AnswerPorts;
  readonly record: RunRecord;
  readonly input: AnswerInput;
  readonly lease: Lease;
  readonly cancel: AbortSignal;
  readonly writer: DeltaWriter;
  said: string;
  source: Source | null;
  notes: AnswerNotes | null;
  readonly tools: ToolUse[];
}

/** Does nothing where the run is final, or another process holds it. */
export async function executeAnswer(ports: AnswerPorts, { run, stopped, down }: Execution): Promise<void> {
  const claim = await ports.work.claim(run, CHAT_PRODUCT);
  if (claim.kind !== 'claimed') return;
  const { lease } = claim;
  const looking = new AbortController();
  try {
    const record = await ports.journal.get(run);
    if (record === undefined || isFinal(record.status)) return;
    const elsewhere = stoppedElsewhere(ports, run, looking.signal);
    const cancel = AbortSignal.any([stopped, down, lease.lost, elsewhere]);
    await answer(ports, { record, lease, cancel, isGone: () => down.aborted || lease.lost.aborted });
  } finally {
    looking.abort();
    await lease.release();
  }
}

interface Held {
  readonly record: RunRecord;
  readonly lease: Lease;
  readonly cancel: AbortSignal;
  /** True when this process no longer speaks for the run. */
  isGone(): boolean;
}

async function answer(ports: AnswerPorts, { record, lease, cancel, isGone }: Held): Promise<void> {
  const input = record.input as AnswerInput;
  const { journal, store } = ports;
  await journal.setStatus(record.id, lease.epoch, 'running', null);
  const earlier = await saidBefore(journal, record.id);
  const row = await answerRow(store, input);
  if (row.status !== 'streaming') return finish(ports, { record, lease }, row);
  const writer = new DeltaWriter(journal, ports.clock, { run: record.id, epoch: lease.epoch });
  const answering: Answering = { ports, record, input, lease, cancel, writer, notes: null, ...earlier };
  let status: MessageStatus = 'complete';
  let problem: string | null = null;
  try {
    await ask(answering);
  } catch (thrown) {
    if (isGone()) return;
    if (cancel.aborted) status = 'stopped';
    else {
      status = 'failed';
      problem = problemText(thrown);
    }
  }
  await writer.end();
  if (isGone()) return;
  if (cancel.aborted) status = 'stopped';
  await finish(ports, { record, lease }, await keep(answering, { status, problem }));
}

/** What the reader has already, from the events of an execution that was killed. */
async function saidBefore(journal: Journal, run: RunId): Promise<Pick<Answering, 'said' | 'source' | 'tools'>> {
  let said = '';
  let source: Source | null = null;
  const tools: ToolUse[] = [];
  for (let after = 0; ;) {
    const events = await journal.read(run, after, 1000);
    for (const event of events) {
      const parsed = AnswerEvent.safeParse(event).data;
      if (parsed?.kind === 'answer-delta') said += parsed.data.text;
      if (parsed?.kind === 'answer-start' || parsed?.kind === 'source-changed') source = parsed.data.source;
      if (parsed?.kind === 'tool-called') tools.push({ ...parsed.data });
      if (parsed?.kind === 'tool-answered') {
        const index = tools.findIndex(({ callId }) => callId === parsed.data.callId);
        const called = tools[index];
        if (called !== undefined) tools[index] = { ...called, output: parsed.data.output };
      }
      after = event.seq;
    }
    if (events.length === 0) return { said, source, tools };
  }
}

/** Asks, and asks again with what its tools answered, until it has nothing more to call. */
async function ask(answering: Answering): Promise<void> {
  const { ports, record, input, cancel } = answering;
  const caller = ports.callerOf(record, input);
  const prompt = [...(await ports.promptFor(input))];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const alreadySaid = round === 0 && answering.said !== '' ? { alreadySaid: answering.said } : {};
    const model = ports.models.model(input.model, { ...caller, ...alreadySaid });
    if (model === undefined) throw modelUnknown(input.model);
    await start(answering);
    const { stream } = await model.doStream({
      prompt,
      maxOutputTokens: ANSWER_TOKENS_MAX,
      tools: [...TOOLS],
      abortSignal: cancel,
    });
    const saidFrom = answering.said.length;
    const calls = await take(answering, stream);
    if (calls.length === 0) return;
    const text = answering.said.slice(saidFrom);
    prompt.push({
      role: 'assistant',
      content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...calls],
    });
    for (const call of calls) {
      const output = callTool(call.toolName, call.input, ports.clock);
      note(answering.tools, call.toolCallId, output);
      await answering.writer.event('tool-answered', { callId: call.toolCallId, output });
      prompt.push({
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            toolCallId: call.toolCallId,
            toolName: call.toolName,
            output: { type: 'text', value: JSON.stringify(output) },
          },
        ],
      });
    }
  }
}

function note(tools: ToolUse[], callId: string, output: unknown): void {
  const index = tools.findIndex((tool) => tool.callId === callId);
  const tool = tools[index];
  if (tool !== undefined) tools[index] = { ...tool, output };
}

async function start(answering: Answering): Promise<void> {
  if (answering.source !== null) return;
  const { ports, input } = answering;
  const text = input.model === 'auto' ? ports.models.sourceText() : input.model;
  answering.source = { provider: '', model: '', text, attempts: 1 };
  await answering.writer.event('answer-start', {
    chatId: input.chatId,
    answerId: input.answerId,
    parentId: input.messageId,
    source: answering.source,
  });
}

interface Call {
  readonly type: 'tool-call';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
}

/** Reads one stream to its end; throws what it broke with. Returns the tools it called. */
async function take(answering: Answering, stream: ReadableStream<LanguageModelV4StreamPart>): Promise<readonly Call[]> {
  const calls: Call[] = [];
  for await (const part of stream) {
    switch (part.type) {
      case 'text-delta':
        answering.said += part.delta;
        answering.writer.text(part.delta);
        break;
      case 'reasoning-delta':
        await answering.writer.event('reasoning-delta', { text: part.delta });
        break;
      case 'tool-call': {
        const input = jsonOf(part.input);
        calls.push({ type: 'tool-call', toolCallId: part.toolCallId, toolName: part.toolName, input });
        answering.tools.push({ callId: part.toolCallId, name: part.toolName, input });
        await answering.writer.event('tool-called', { callId: part.toolCallId, name: part.toolName, input });
        break;
      }
      case 'raw': {
        const change = sourceChangeOf(part);
        if (change !== undefined) {
          answering.source = sourceOf(change.source);
          await answering.writer.event('source-changed', { source: answering.source, why: change.why });
        }
        break;
      }
      case 'finish':
        takeNotes(answering, part);
        break;
      case 'error':
        throw part.error;
      default:
    }
    await answering.writer.room();
  }
  return calls;
}

/** Several rounds are one answer: their cost is summed. */
function takeNotes(answering: Answering, part: LanguageModelV4StreamPart): void {
  const notes = answerNotesOf(part);
  if (notes === undefined) return;
  const before = answering.notes;
  answering.notes = before === null ? notes : { ...notes, costMicroUsd: before.costMicroUsd + notes.costMicroUsd };
  answering.source = sourceOf(notes.source);
}

const sourceOf = ({ provider, model, text, attempts }: Source): Source => ({ provider, model, text, attempts });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Models write what they like; the tool refuses an input that is no object.
    return text;
  }
}

/** The row of the answer, which exists from before the first word. */
async function answerRow(store: Store, input: AnswerInput): Promise<MessageRow> {
  return store
    .read<ChatTables>()
    .selectFrom('chat_messages')
    .selectAll()
    .where('id', '=', input.answerId)
    .executeTakeFirstOrThrow();
}

async function keep(
  answering: Answering,
  { status, problem }: { readonly status: MessageStatus; readonly problem: string | null },
): Promise<MessageRow> {
  const { ports, input, notes, source, tools, said } = answering;
  const extras: Extras = {
    ...(tools.length === 0 ? {} : { tools }),
    ...(source === null ? {} : { source }),
    ...(notes === null ? {} : { usage: notes.usage, verdict: notes.verdict }),
  };
  return ports.store.write(
    async (tx: Db) => {
      const changed = {
        content: said,
        status,
        problem,
        extras: extrasText(extras),
        cost_micro_usd: notes?.costMicroUsd ?? null,
      };
      await tx.updateTable('chat_messages').set(changed).where('id', '=', input.answerId).execute();
      await tx.updateTable('chats').set({ updated_at: ports.clock.now() }).where('id', '=', input.chatId).execute();
      return tx.selectFrom('chat_messages').selectAll().where('id', '=', input.answerId).executeTakeFirstOrThrow();
    },
    { durable: true },
  );
}

/** Says in the journal what is in the conversation, and ends the run. */
async function finish(
  ports: AnswerPorts,
  { record, lease }: { readonly record: RunRecord; readonly lease: Lease },
  row: MessageRow,
): Promise<void> {
  const message = await withBranch(ports.store, row);
  if (message.costMicroUsd !== null) await ports.journal.setCost(record.id, message.costMicroUsd);
  await ports.journal.append(record.id, lease.epoch, 'answer-end', { message });
  const status = row.status === 'failed' ? 'failed' : row.status === 'stopped' ? 'stopped' : 'done';
  await ports.journal.setStatus(record.id, lease.epoch, status, row.problem);
  if (status === 'done') await ports.onAnswered(message, record.owner);
}

async function withBranch(store: Store, row: MessageRow): Promise<Message> {
  const db = store.read<ChatTables>();
  const chat = await db.selectFrom('chats').selectAll().where('id', '=', row.chat).executeTakeFirst();
  const [message] = chat === undefined ? [] : await withBranches(db, chat, [row]);
  return message ?? messageOf(row);
}

function problemText(thrown: unknown): string {
  const fault = toFault(thrown, 'The answer');
  return fault instanceof Fault && fault.code !== 'UNEXPECTED'
    ? `${fault.what} ${fault.why} ${fault.next}`
    : 'The answer broke off. Ask for it again.';
}

/** Aborts once another process has ended the run. */
function stoppedElsewhere({ journal, clock }: AnswerPorts, run: RunId, ended: AbortSignal): AbortSignal {
  const stopped = new AbortController();
  const look = async (): Promise<void> => {
    while (!ended.aborted) {
      await clock.sleep(LOOK_MS, ended);
      if (ended.aborted) return;
      const record = await journal.get(run);
      if (record === undefined || isFinal(record.status)) return stopped.abort();
    }
  };
  // What keeps it from looking keeps the answer from being written as well, and is said there.
  look().catch(() => stopped.abort());
  return stopped.signal;
}

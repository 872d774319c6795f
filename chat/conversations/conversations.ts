// Conversations as a whole: what the routes and the workbench call. Each answer is a run of the journal that this
// process works on; what was unfinished when a process ended is gone on with at the next start.

import type { Clock, RunId } from 'kernel/basics';
import { createGuard, NO_SECRETS } from 'kernel/guard';
import type { Journal, RunRecord } from 'kernel/journal';
import type { Models } from 'kernel/models';
import { isFinal } from 'kernel/protocol';
import type { Store } from 'kernel/store';
import type { Log } from 'kernel/telemetry';
import type { Work } from 'kernel/work';

import { CHAT_PRODUCT } from '../protocol/index.ts';
import type { AnswerInput } from './answer-input.ts';
import { executeAnswer, type AnswerPorts } from './answer.ts';
import { artifactBody } from './artifacts.ts';
import { characterOf, CHARACTERS } from './characters.ts';
import { removeArchived } from './chats.ts';
import { insertAnswer, type CompletionContext } from './completions.ts';
import { lastOfBranch } from './history.ts';
import { personas, scenarios } from './personas.ts';
import { promptOf } from './prompt.ts';
import { getPrompt } from './prompts.ts';
import { extrasOf, type Db, type MessageRow } from './rows.ts';
import { keepSuggestions } from './suggestions.ts';
import type { ChatTables } from './tables.ts';

/** What is told to a model of what was said before: about ten thousand words. */
const HISTORY = { messagesMax: 200, charactersMax: 60_000 };
const UNATTENDED_MAX = 200;

export interface ConversationPorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly work: Work;
  readonly clock: Clock;
  readonly log: Log;
  readonly models: Models;
}

export interface Conversations extends CompletionContext {
  /** Begins to work on every answer that nobody works on. */
  resume(): Promise<void>;
  /** Ends an answer; what was said stays. False where this process does not work on it. */
  stop(run: RunId): Promise<boolean>;
  close(): Promise<void>;
}

export function createConversations(ports: ConversationPorts): Conversations {
  const { store, journal, clock, log, models } = ports;
  const down = new AbortController();
  const working = new Map<RunId, { readonly stop: AbortController; readonly done: Promise<void> }>();
  const answerPorts = answerPortsOf(ports);
  const launch = (run: RunId): void => {
    if (working.has(run) || down.signal.aborted) return;
    const stop = new AbortController();
    const done = executeAnswer(answerPorts, { run, stopped: stop.signal, down: down.signal })
      .catch((error: unknown) => log.error('answer-not-written', { run, error }))
      .finally(() => working.delete(run));
    working.set(run, { stop, done });
  };
  return {
    store,
    clock,
    journal,
    launch,
    sourceText: (model) => (model === 'auto' ? models.sourceText() : model),
    async resume() {
      for (const run of await unattended(journal)) {
        await insertAnswer(ports, run.input as AnswerInput, run.id, undefined);
        launch(run.id);
      }
      await removeArchived(ports);
    },
    async stop(run) {
      const answering = working.get(run);
      answering?.stop.abort();
      await answering?.done;
      return answering !== undefined;
    },
    async close() {
      down.abort();
      await Promise.all([...working.values()].map(({ done }) => done));
    },
  };
}

async function unattended(journal: Journal): Promise<readonly RunRecord[]> {
  const { runs } = await journal.list({
    product: CHAT_PRODUCT,
    statuses: ['queued', 'running', 'interrupted'],
    limit: UNATTENDED_MAX,
  });
  return runs.filter(({ status }) => !isFinal(status));
}

function answerPortsOf(ports: ConversationPorts): AnswerPorts {
  const { store, clock, log } = ports;
  const guard = createGuard([NO_SECRETS], clock);
  return {
    ...ports,
    callerOf: ({ id, owner }, { embed }) => ({
      person: owner,
      product: CHAT_PRODUCT,
      run: id,
      key: embed === undefined ? null : `embed:${embed}`,
      audience: owner,
      guard,
      toolsAreHarmless: true,
    }),
    promptFor: (input) => promptFor(store, input),
    async onAnswered(message) {
      try {
        await keepSuggestions(store, { id: message.id, chat: message.chatId, content: message.content });
      } catch (error) {
        // An answer without suggestions is an answer.
        log.warn('suggestions-not-kept', { message: message.id, error });
      }
    },
  };
}

async function promptFor(store: Store, input: AnswerInput) {
  const db: Db = store.read<ChatTables>();
  const chat = await db.selectFrom('chats').selectAll().where('id', '=', input.chatId).executeTakeFirstOrThrow();
  const history = await lastOfBranch(db, { chat, leaf: input.messageId }, HISTORY);
  const { owner } = chat;
  const [persona, scenario, prompt] = await Promise.all([
    chat.persona === null ? null : personas.get(db, owner, chat.persona),
    chat.scenario === null ? null : scenarios.get(db, owner, chat.scenario),
    chat.prompt === null ? null : getPrompt(db, owner, chat.prompt),
  ]);
  const setting = {
    character: characterOf(chat.character) ?? CHARACTERS[0],
    answers: JSON.parse(chat.metadata) as Record<string, string>,
    persona,
    scenario,
    system: prompt?.use === 'system' ? prompt.content : null,
  };
  return promptOf(setting, history, await picturesOf(store, owner, history));
}

/** The pictures of the last message only: a model is shown what it is asked about, once. */
async function picturesOf(
  store: Store,
  owner: string,
  history: readonly MessageRow[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const last = history.at(-1);
  const artifacts = last === undefined ? [] : (extrasOf(last).artifacts ?? []);
  const bodies = await Promise.all(artifacts.map(({ id }) => artifactBody(store, owner, id)));
  return new Map(bodies.map(({ artifact, body }) => [artifact.id, body]));
}

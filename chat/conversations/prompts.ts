// Prompts that people reuse. A version is written once and never changed; a change adds the next one.

import { instant, newId, toIso, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';
import type { Selectable } from 'kysely';

import type { FilledPrompt, Prompt, PromptDraft } from '../protocol/index.ts';
import { thingNotFound, tooMany } from './faults.ts';
import { filled, missingIn } from './prompt.ts';
import type { Db } from './rows.ts';
import type { ChatTables } from './tables.ts';

const OWNED_MAX = 500;
const VERSIONS_MAX = 1000;

interface Context {
  readonly store: Store;
  readonly clock: Clock;
}
type Row = Selectable<ChatTables['chat_prompts']>;

/** The newest version of each that was not removed. */
export async function listPrompts({ store }: Context, person: string): Promise<readonly Prompt[]> {
  const rows = await newest(store.read<ChatTables>(), person);
  return rows.map(promptFrom);
}

async function newest(db: Db, person: string): Promise<readonly Row[]> {
  const rows = await db
    .selectFrom('chat_prompts')
    .selectAll()
    .where('owner', '=', person)
    .where('is_removed', '=', 0)
    .where('version', '=', (row) =>
      row
        .selectFrom('chat_prompts as later')
        .select((later) => later.fn.max('later.version').as('version'))
        .whereRef('later.id', '=', 'chat_prompts.id'),
    )
    .orderBy('name')
    .orderBy('id')
    .execute();
  return rows;
}

export async function getPrompt(db: Db, person: string, id: string): Promise<Prompt | null> {
  const row = await db
    .selectFrom('chat_prompts')
    .selectAll()
    .where('id', '=', id)
    .where('owner', '=', person)
    .where('is_removed', '=', 0)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : promptFrom(row);
}

export async function addPrompt({ store, clock }: Context, person: string, draft: PromptDraft): Promise<Prompt> {
  const row = rowOf(draft, { id: newId<'prompt'>(), version: 1, person, at: clock.now() });
  await store.write(async (tx: Db) => {
    if ((await newest(tx, person)).length >= OWNED_MAX) throw tooMany('prompt', OWNED_MAX);
    await tx.insertInto('chat_prompts').values(row).execute();
  });
  return promptFrom(row);
}

export async function changePrompt(
  { store, clock }: Context,
  { person, id }: { readonly person: string; readonly id: string },
  draft: PromptDraft,
): Promise<Prompt> {
  return store.write(async (tx: Db) => {
    const current = await getPrompt(tx, person, id);
    if (current === null) throw thingNotFound('prompt', id);
    const { use = 'message' } = draft;
    if (current.name === draft.name && current.content === draft.content && current.use === use) return current;
    if (current.version >= VERSIONS_MAX) throw tooMany('version', VERSIONS_MAX);
    const row = rowOf(draft, { id, version: current.version + 1, person, at: clock.now() });
    await tx.insertInto('chat_prompts').values(row).execute();
    return promptFrom(row);
  });
}

export async function removePrompt({ store }: Context, person: string, id: string): Promise<void> {
  await store.write(async (tx: Db) => {
    if ((await getPrompt(tx, person, id)) === null) throw thingNotFound('prompt', id);
    await tx.updateTable('chat_prompts').set({ is_removed: 1 }).where('id', '=', id).execute();
    await tx.updateTable('chats').set({ prompt: null }).where('prompt', '=', id).execute();
  });
}

/** All versions, newest first. */
export async function promptVersions({ store }: Context, person: string, id: string): Promise<readonly Prompt[]> {
  const rows = await store
    .read<ChatTables>()
    .selectFrom('chat_prompts')
    .selectAll()
    .where('id', '=', id)
    .where('owner', '=', person)
    .orderBy('version', 'desc')
    .execute();
  if (rows.length === 0) throw thingNotFound('prompt', id);
  return rows.map(promptFrom);
}

/** The text with its names filled in, and which of them had no value. */
export async function fillPrompt(
  { store }: Context,
  { person, id }: { readonly person: string; readonly id: string },
  values: Readonly<Record<string, string>>,
): Promise<FilledPrompt> {
  const prompt = await getPrompt(store.read<ChatTables>(), person, id);
  if (prompt === null) throw thingNotFound('prompt', id);
  const { version, content } = prompt;
  return { id, version, content: filled(content, values), missing: missingIn(content, values) };
}

const rowOf = (
  { name, content, use = 'message' }: PromptDraft,
  {
    id,
    version,
    person,
    at,
  }: { readonly id: string; readonly version: number; readonly person: string; readonly at: number },
): Row => ({ id, version, owner: person, name, content, use, is_removed: 0, created_at: at });

const promptFrom = (row: Row): Prompt => ({
  id: row.id,
  name: row.name,
  version: row.version,
  content: row.content,
  use: row.use,
  createdAt: toIso(instant(row.created_at)),
});

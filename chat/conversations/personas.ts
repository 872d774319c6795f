// Personas and scenarios: what a person wrote down about themselves, and about places to talk in.

import { newId, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';
import type { Selectable } from 'kysely';

import type { Persona, PersonaDraft, Scenario, ScenarioDraft } from '../protocol/index.ts';
import { thingNotFound, tooMany } from './faults.ts';
import type { Db } from './rows.ts';
import type { ChatTables } from './tables.ts';

/** More than anybody keeps apart; also the bound of an unpaged list. */
const OWNED_MAX = 200;

interface Context {
  readonly store: Store;
  readonly clock: Clock;
}

/** Keeps what a person owns in one table: list, add, change and remove, each only their own. */
function keptIn<Draft, Thing>(
  table: 'chat_personas' | 'chat_scenarios',
  what: string,
  shape: { readonly columns: (draft: Draft) => object; readonly read: (row: never) => Thing },
) {
  const own = (db: Db, person: string) => db.selectFrom(table).selectAll().where('owner', '=', person);
  const read = (row: object): Thing => shape.read(row as never);
  return {
    async list({ store }: Context, person: string): Promise<readonly Thing[]> {
      const rows = await own(store.read<ChatTables>(), person).orderBy('created_at').orderBy('id').execute();
      return rows.map(read);
    },
    async get(db: Db, person: string, id: string): Promise<Thing | null> {
      const row = await own(db, person).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : read(row);
    },
    async add({ store, clock }: Context, person: string, draft: Draft): Promise<Thing> {
      const row = { id: newId(), owner: person, created_at: clock.now(), ...shape.columns(draft) };
      await store.write(async (tx: Db) => {
        if ((await own(tx, person).execute()).length >= OWNED_MAX) throw tooMany(what, OWNED_MAX);
        await tx
          .insertInto(table)
          .values(row as never)
          .execute();
      });
      return read(row);
    },
    async change({ store }: Context, { person, id }: { person: string; id: string }, draft: Draft): Promise<Thing> {
      const row = await store.write(async (tx: Db) => {
        await tx
          .updateTable(table)
          .set(shape.columns(draft))
          .where('id', '=', id)
          .where('owner', '=', person)
          .execute();
        return own(tx, person).where('id', '=', id).executeTakeFirst();
      });
      if (row === undefined) throw thingNotFound(what, id);
      return read(row);
    },
    /** Chats that used it go on without. */
    async remove({ store }: Context, person: string, id: string): Promise<void> {
      await store.write(async (tx: Db) => {
        const removed = await tx.deleteFrom(table).where('id', '=', id).where('owner', '=', person).executeTakeFirst();
        if (removed.numDeletedRows === 0n) throw thingNotFound(what, id);
        const column = table === 'chat_personas' ? 'persona' : 'scenario';
        await tx
          .updateTable('chats')
          .set({ [column]: null })
          .where(column, '=', id)
          .execute();
      });
    },
  };
}

export const personas = keptIn<PersonaDraft, Persona>('chat_personas', 'persona', {
  columns: ({ name, description, avatar = '' }) => ({ name, description, avatar }),
  read: ({ id, name, description, avatar }: Selectable<ChatTables['chat_personas']>) => ({
    id,
    name,
    description,
    avatar,
  }),
});

export const scenarios = keptIn<ScenarioDraft, Scenario>('chat_scenarios', 'scenario', {
  columns: ({ name, description, entries = [] }) => ({ name, description, entries: JSON.stringify(entries) }),
  read: ({ id, name, description, entries }: Selectable<ChatTables['chat_scenarios']>) => ({
    id,
    name,
    description,
    entries: JSON.parse(entries) as Scenario['entries'],
  }),
});

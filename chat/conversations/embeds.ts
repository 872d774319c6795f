// Pages of others that may hold the chat, and their visitors.
// Rule: a visitor's token opens that visitor's own conversations and nothing else; only its hash is kept.

import { createHash, randomBytes } from 'node:crypto';

import { instant, newId, toIso, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';
import type { Selectable } from 'kysely';

import type { Embed, EmbedDraft } from '../protocol/index.ts';
import { characterOf } from './characters.ts';
import { chatNotFound, originWrong, thingNotFound, tooMany } from './faults.ts';
import type { Db } from './rows.ts';
import type { ChatTables } from './tables.ts';

const EMBEDS_MAX = 200;
/** Renewed by each visit, so that only who stays away that long begins anew. */
const VISITOR_MS = 30 * 24 * 3600 * 1000;
/** Tells a visitor's token from those of people. */
export const VISITOR_TOKEN_START = 'tv_';

interface Context {
  readonly store: Store;
  readonly clock: Clock;
}
type Row = Selectable<ChatTables['chat_embeds']>;

export async function listEmbeds({ store }: Context): Promise<readonly Embed[]> {
  const rows = await store.read<ChatTables>().selectFrom('chat_embeds').selectAll().orderBy('created_at').execute();
  return rows.map(embedFrom);
}

export async function getEmbed({ store }: Context, id: string): Promise<Embed | undefined> {
  const row = await store
    .read<ChatTables>()
    .selectFrom('chat_embeds')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : embedFrom(row);
}

export async function saveEmbed(
  { store, clock }: Context,
  { person, id }: { readonly person: string; readonly id: string | undefined },
  draft: EmbedDraft,
): Promise<Embed> {
  if (characterOf(draft.characterId) === undefined) throw chatNotFound(draft.characterId);
  for (const origin of draft.origins) if (!isOrigin(origin)) throw originWrong(origin);
  const values = {
    name: draft.name,
    character: draft.characterId,
    origins: JSON.stringify([...new Set(draft.origins)]),
    is_on: draft.isOn === false ? 0 : 1,
  };
  return store.write(
    async (tx: Db) => {
      if (id === undefined) {
        const row: Row = { id: newId<'embed'>(), owner: person, created_at: clock.now(), ...values };
        const all = await tx.selectFrom('chat_embeds').select('id').execute();
        if (all.length >= EMBEDS_MAX) throw tooMany('embedded chat', EMBEDS_MAX);
        await tx.insertInto('chat_embeds').values(row).execute();
        return embedFrom(row);
      }
      await tx.updateTable('chat_embeds').set(values).where('id', '=', id).execute();
      const row = await tx.selectFrom('chat_embeds').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) throw thingNotFound('embedded chat', id);
      return embedFrom(row);
    },
    { durable: true },
  );
}

/** Its visitors are turned away from then on. */
export async function removeEmbed({ store }: Context, id: string): Promise<void> {
  await store.write(
    async (tx: Db) => {
      await tx.deleteFrom('chat_visitors').where('embed', '=', id).execute();
      const removed = await tx.deleteFrom('chat_embeds').where('id', '=', id).executeTakeFirst();
      if (removed.numDeletedRows === 0n) throw thingNotFound('embedded chat', id);
    },
    { durable: true },
  );
}

export interface WelcomedVisitor {
  /** Given once; not a Secret value, since every visitor has one and those are remembered for as long as we run. */
  readonly token: string;
  readonly userId: string;
  readonly expiresAt: string;
  /** Whom they talk to; nobody else is there for them. */
  readonly characterId: string;
}

/** A visitor with a token of their own. With a token that still counts: the same visitor, and a longer life of it. */
export async function welcomeVisitor(
  context: Context,
  id: string,
  token: string | undefined,
): Promise<WelcomedVisitor> {
  const { store, clock } = context;
  const embed = await getEmbed(context, id);
  if (embed === undefined || !embed.isOn) throw thingNotFound('embedded chat', id);
  const known = token === undefined ? undefined : await visitorOf(context, token);
  const expires = clock.now() + VISITOR_MS;
  const expiresAt = toIso(instant(expires));
  if (known !== undefined && token !== undefined && known.embed === id) {
    await store.write((tx: Db) =>
      tx.updateTable('chat_visitors').set({ expires_at: expires }).where('id', '=', known.id).execute(),
    );
    return { token, userId: personOfVisitor(known.id), expiresAt, characterId: embed.characterId };
  }
  const fresh = `${VISITOR_TOKEN_START}${randomBytes(24).toString('base64url')}`;
  const row = { id: newId<'visitor'>(), embed: id, token_hash: hashOf(fresh), expires_at: expires };
  await store.write(async (tx: Db) => {
    await tx.deleteFrom('chat_visitors').where('expires_at', '<', clock.now()).execute();
    await tx.insertInto('chat_visitors').values(row).execute();
  });
  return { token: fresh, userId: personOfVisitor(row.id), expiresAt, characterId: embed.characterId };
}

/** Who a token belongs to; undefined when it is over, or its page was taken off. */
export async function visitorOf({ store, clock }: Context, token: string) {
  if (!token.startsWith(VISITOR_TOKEN_START)) return undefined;
  const row = await store
    .read<ChatTables>()
    .selectFrom('chat_visitors')
    .innerJoin('chat_embeds', 'chat_embeds.id', 'chat_visitors.embed')
    .select(['chat_visitors.id', 'chat_visitors.embed', 'chat_visitors.expires_at', 'chat_embeds.is_on'])
    .where('token_hash', '=', hashOf(token))
    .executeTakeFirst();
  if (row === undefined || row.is_on !== 1 || row.expires_at <= clock.now()) return undefined;
  return { id: row.id, embed: row.embed, person: personOfVisitor(row.id), expiresAt: toIso(instant(row.expires_at)) };
}

const VISITOR_START = 'visitor:';
const personOfVisitor = (id: string): string => `${VISITOR_START}${id}`;

/** The page that a visitor came by; undefined for everybody else. */
export async function embedOfPerson({ store }: Pick<Context, 'store'>, person: string) {
  if (!person.startsWith(VISITOR_START)) return undefined;
  return store
    .read<ChatTables>()
    .selectFrom('chat_visitors')
    .innerJoin('chat_embeds', 'chat_embeds.id', 'chat_visitors.embed')
    .select(['chat_embeds.id', 'chat_embeds.character'])
    .where('chat_visitors.id', '=', person.slice(VISITOR_START.length))
    .executeTakeFirst();
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('base64url');

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  // A star is a host to a parser of addresses, and everybody to a browser.
  return isWeb && url.origin === text && /^[\w.[\]:-]+$/.test(url.host);
}

const embedFrom = (row: Row): Embed => ({
  id: row.id,
  name: row.name,
  characterId: row.character,
  origins: JSON.parse(row.origins) as string[],
  isOn: row.is_on === 1,
  createdAt: toIso(instant(row.created_at)),
});

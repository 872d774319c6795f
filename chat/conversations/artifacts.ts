// Pictures that messages carry. What they are is read from their bytes, never from what the sender says of them.

import { mebibytes, newId, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';
import type { Selectable } from 'kysely';

import type { Artifact } from '../protocol/index.ts';
import { artifactWrong, thingNotFound, tooMany } from './faults.ts';
import { pictureOf } from './picture.ts';
import type { Db } from './rows.ts';
import type { ChatTables } from './tables.ts';

const BYTES_MAX = mebibytes(5);
/** A person's pictures in all: about 500 of the largest. */
const PERSON_BYTES_MAX = mebibytes(2500);
const ALT_LENGTH_MAX = 500;

type Row = Omit<Selectable<ChatTables['chat_artifacts']>, 'body'>;
const COLUMNS = ['id', 'owner', 'media_type', 'width', 'height', 'alt', 'origin', 'bytes', 'created_at'] as const;

/** Somebody who makes a picture larger. There is none until a model for pictures is set up. */
export interface ImageModel {
  upscale(picture: Uint8Array, mediaType: string, signal: AbortSignal): Promise<Uint8Array>;
}

export async function addArtifact(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  person: string,
  upload: { readonly body: Uint8Array; readonly alt: string; readonly origin: Artifact['origin'] },
): Promise<Artifact> {
  const { body, origin } = upload;
  if (body.byteLength === 0) throw artifactWrong('It is empty.');
  if (body.byteLength > BYTES_MAX) throw artifactWrong('It is larger than 5 MiB.');
  const picture = pictureOf(body);
  if (picture === undefined) throw artifactWrong('Its bytes are none of a PNG, JPEG, GIF or WebP picture.');
  const row: Row = {
    id: newId<'artifact'>(),
    owner: person,
    media_type: picture.mediaType,
    width: picture.width,
    height: picture.height,
    alt: upload.alt.slice(0, ALT_LENGTH_MAX),
    origin,
    bytes: body.byteLength,
    created_at: clock.now(),
  };
  await store.write(async (tx: Db) => {
    const { total } = await tx
      .selectFrom('chat_artifacts')
      .select((artifacts) => artifacts.fn.sum<number | null>('bytes').as('total'))
      .where('owner', '=', person)
      .executeTakeFirstOrThrow();
    if (Number(total ?? 0) + body.byteLength > PERSON_BYTES_MAX) throw tooMany('picture', 500);
    await tx
      .insertInto('chat_artifacts')
      .values({ ...row, body })
      .execute();
  });
  return artifactFrom(row);
}

/** The artifacts with these ids, in their order; each must be this person's. */
export async function artifactsOf(store: Store, person: string, ids: readonly string[]): Promise<readonly Artifact[]> {
  if (ids.length === 0) return [];
  const rows = await store
    .read<ChatTables>()
    .selectFrom('chat_artifacts')
    .select(COLUMNS)
    .where('id', 'in', ids)
    .execute();
  return ids.map((id) => {
    const row = rows.find((each) => each.id === id && each.owner === person);
    if (row === undefined) throw thingNotFound('picture', id);
    return artifactFrom(row);
  });
}

export async function artifactBody(
  store: Store,
  person: string,
  id: string,
): Promise<{ readonly artifact: Artifact; readonly body: Uint8Array }> {
  const row = await store
    .read<ChatTables>()
    .selectFrom('chat_artifacts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined || row.owner !== person) throw thingNotFound('picture', id);
  return { artifact: artifactFrom(row), body: row.body };
}

const artifactFrom = (row: Row): Artifact => ({
  id: row.id,
  kind: 'image',
  mediaType: row.media_type,
  width: row.width,
  height: row.height,
  bytes: row.bytes,
  alt: row.alt,
  url: `/api/chat/artifacts/${row.id}`,
  origin: row.origin,
});

// Archives that people sent, kept until a run takes them in.
// Rule: an upload is written whole or not at all, under an id of ours; its own name is a title and never a path.

import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';

import { bytesText, mebibytes, minutes, newId, parseId, type Clock } from 'kernel/basics';

import { uploadTooLarge } from './faults.ts';

/** What a project without its installed packages packs to; the largest known are below it. */
const UPLOAD_BYTES_MAX = mebibytes(256);
/** Long enough to start the run that it was sent for, also tomorrow. */
const KEPT_MS = minutes(48 * 60);
const KEPT_MAX = 50;

const folderOf = (home: string): string => join(home, 'uploads');

/** Keeps what comes, and gives the id under which a run finds it. Throws UPLOAD_TOO_LARGE. */
export async function keepUpload(
  { home, clock }: { readonly home: string; readonly clock: Clock },
  body: ReadableStream<Uint8Array>,
): Promise<{ readonly upload: string; readonly bytes: number }> {
  const folder = folderOf(home);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOld(folder, clock.now());
  const upload: string = newId<'upload'>();
  const making = join(folder, `${upload}.making`);
  let bytes = 0;
  const bounded = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > UPLOAD_BYTES_MAX ? uploadTooLarge(bytesText(UPLOAD_BYTES_MAX)) : null, chunk);
    },
  });
  try {
    await pipeline(Readable.fromWeb(body), bounded, createWriteStream(making, { flags: 'wx', mode: 0o600 }));
    await rename(making, join(folder, `${upload}.zip`));
  } finally {
    await rm(making, { force: true });
  }
  return { upload, bytes };
}

/** The file of an upload, or undefined when there is none of that id. */
export async function uploadedFile(home: string, upload: string): Promise<string | undefined> {
  const id = parseId(upload);
  if (id === undefined) return undefined;
  const file = join(folderOf(home), `${id}.zip`);
  return stat(file).then(
    (found) => (found.isFile() ? file : undefined),
    () => undefined,
  );
}

async function removeOld(folder: string, now: number): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({
      name,
      at: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0,
    })),
  );
  const newestFirst = files.sort((a, b) => b.at - a.at);
  const old = newestFirst.filter(({ at }, place) => place >= KEPT_MAX || now - at > KEPT_MS);
  for (const { name } of old) await rm(join(folder, name), { force: true });
}

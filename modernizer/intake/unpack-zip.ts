// Unpacks a zip archive of a project into a folder of ours.
// Rule: nothing is written outside of that folder, no link leads out of it, and what is written is bounded: entries,
// bytes, depth, and how much larger a file becomes. Declared sizes are not believed: bytes are counted as they come.
// Rule: names are told apart as the strictest file system would: two that differ only in case are refused.
// Left out: node_modules and .git, which are installed and never taken from elsewhere.

import { createWriteStream } from 'node:fs';
import { mkdir, readdir, realpath, stat, symlink } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { openPromise, type Entry, type ZipFile } from 'yauzl';

import { bytesText, mebibytes } from 'kernel/basics';

export interface ZipLimits {
  readonly entriesMax: number;
  readonly bytesMax: number;
  /** How many times larger than packed; small files are let off. */
  readonly ratioMax: number;
  readonly depthMax: number;
}

/** The largest repositories that people upgrade have some ten thousand files; text packs to a tenth. */
export const ZIP_LIMITS: ZipLimits = { entriesMax: 50_000, bytesMax: mebibytes(1024), ratioMax: 200, depthMax: 40 };

export type Unpacking =
  | { readonly kind: 'unpacked'; /** Where the project lies. */ readonly root: string }
  | { readonly kind: 'refused'; readonly why: string };

/** Below it a ratio says nothing: a file of zeros is no bomb. */
const RATIO_FROM_BYTES = mebibytes(4);
const NAME_BYTES_MAX = 255;
const PATH_LENGTH_MAX = 2048;
const LINK_BYTES_MAX = 4096;
const PASSED_OVER = new Set(['node_modules', '.git', '__MACOSX']);

/** Why an archive is refused; thrown inside, returned outside. */
class Refusal extends Error {
  override readonly name = 'Refusal';
}

export async function unpackZip(file: string, target: string, limits: ZipLimits = ZIP_LIMITS): Promise<Unpacking> {
  try {
    const zip = await openPromise(file, { lazyEntries: true, autoClose: false, strictFileNames: true });
    try {
      await mkdir(target, { recursive: true, mode: 0o700 });
      await unpackEntries(zip, target, limits);
    } finally {
      zip.close();
    }
    return { kind: 'unpacked', root: await projectRoot(target) };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', why: error.message };
    if (isOfSystem(error)) throw error;
    // What the reader of zip archives says: cut off, encrypted, not an archive at all.
    const said = error instanceof Error ? error.message : String(error);
    return { kind: 'refused', why: `It is no whole zip archive: ${said.slice(0, 200).replace(/\.+$/, '')}` };
  }
}

interface Link {
  readonly place: string;
  readonly aim: string;
}

async function unpackEntries(zip: ZipFile, target: string, limits: ZipLimits): Promise<void> {
  const places = new Places();
  const links: Link[] = [];
  const budget = { entries: 0, bytes: 0 };
  for await (const entry of zip.eachEntry()) {
    budget.entries += 1;
    if (budget.entries > limits.entriesMax) throw new Refusal(`It holds more than ${limits.entriesMax} entries`);
    const place = checkedPlace(entry.fileName, limits.depthMax);
    if (place === '' || place.split('/').some((part) => PASSED_OVER.has(part))) continue;
    const kind = kindOf(entry);
    places.take(place, kind);
    switch (kind) {
      case 'folder':
        await mkdir(join(target, place), { recursive: true });
        break;
      case 'file':
        await writeEntry(zip, entry, { path: join(target, place), budget, limits });
        break;
      case 'link':
        links.push({ place, aim: await linkAim(zip, entry, place) });
        break;
      default:
        throw new Refusal(`"${place}" is neither a file nor a folder`);
    }
  }
  // Last: as long as files are written there is no link that one could be written through.
  for (const { place, aim } of links) {
    await mkdir(dirname(join(target, place)), { recursive: true });
    await symlink(aim, join(target, place));
  }
  await checkLinks(target, links);
}

/** A link may pass others, so where it leads is only known once all of them are there. */
async function checkLinks(target: string, links: readonly Link[]): Promise<void> {
  const top = await realpath(target);
  for (const { place } of links) {
    const landing = await realpath(join(target, place)).catch(() => top);
    if (landing !== top && !landing.startsWith(`${top}${sep}`)) {
      throw new Refusal(`The link "${place}" leads out of the archive`);
    }
  }
}

/** The place inside, with `/`; '' for the top itself. */
function checkedPlace(name: string, depthMax: number): string {
  const shown = JSON.stringify(name.slice(0, 200));
  if (name.includes('\\') || name.includes('\0'))
    throw new Refusal(`The name ${shown} holds a character that is none of a name`);
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) throw new Refusal(`The name ${shown} is absolute`);
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw new Refusal(`The name ${shown} leads out of the archive`);
  if (parts.length > depthMax) throw new Refusal(`The name ${shown} is deeper than ${depthMax} folders`);
  if (name.length > PATH_LENGTH_MAX || parts.some((part) => Buffer.byteLength(part) > NAME_BYTES_MAX)) {
    throw new Refusal(`The name ${shown} is too long`);
  }
  return parts.join('/');
}

type EntryKind = 'file' | 'folder' | 'link' | 'other';

const MADE_ON_UNIX = 3;
const TYPE_BITS = 0o170000;

/** Of what was made elsewhere than on Unix only the name tells. */
function kindOf(entry: Entry): EntryKind {
  const named: EntryKind = entry.fileName.endsWith('/') ? 'folder' : 'file';
  if (entry.versionMadeBy >>> 8 !== MADE_ON_UNIX) return named;
  switch ((entry.externalFileAttributes >>> 16) & TYPE_BITS) {
    case 0:
      return named;
    case 0o100000:
      return named === 'folder' ? 'other' : 'file';
    case 0o040000:
      return 'folder';
    case 0o120000:
      return 'link';
    default:
      return 'other';
  }
}

/** Every place once, as file systems see them that do not tell case or the forms of an accent apart. */
class Places {
  readonly #kinds = new Map<string, { readonly place: string; readonly kind: EntryKind }>();

  take(place: string, kind: EntryKind): void {
    const parts = place.split('/');
    for (let length = 1; length < parts.length; length += 1) this.#one(parts.slice(0, length).join('/'), 'folder');
    this.#one(place, kind);
  }

  #one(place: string, kind: EntryKind): void {
    const key = place.normalize('NFC').toLowerCase();
    const before = this.#kinds.get(key);
    if (before === undefined) return void this.#kinds.set(key, { place, kind });
    if (before.place === place && before.kind === 'folder' && kind === 'folder') return;
    if (before.place === place) throw new Refusal(`It holds "${place}" twice`);
    throw new Refusal(`"${before.place}" and "${place}" are one name on some file systems`);
  }
}

interface Writing {
  readonly path: string;
  readonly budget: { bytes: number };
  readonly limits: ZipLimits;
}

async function writeEntry(zip: ZipFile, entry: Entry, { path, budget, limits }: Writing): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  let size = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      budget.bytes += chunk.length;
      if (budget.bytes > limits.bytesMax)
        return done(new Refusal(`Unpacked it is larger than ${bytesText(limits.bytesMax)}`));
      if (size > RATIO_FROM_BYTES && size > entry.compressedSize * limits.ratioMax) {
        return done(
          new Refusal(`"${entry.fileName}" becomes more than ${limits.ratioMax} times as large as it is packed`),
        );
      }
      done(null, chunk);
    },
  });
  const isProgram = ((entry.externalFileAttributes >>> 16) & 0o100) !== 0;
  // `wx`: a name that was taken in a way the check above does not know is not written over either.
  const to = createWriteStream(path, { flags: 'wx', mode: isProgram ? 0o755 : 0o644 });
  await pipeline(await zip.openReadStreamPromise(entry), counted, to);
}

async function linkAim(zip: ZipFile, entry: Entry, place: string): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LINK_BYTES_MAX) throw new Refusal(`The link "${place}" is too long`);
    chunks.push(chunk);
  }
  const aim = Buffer.concat(chunks).toString('utf8');
  const landing = normalize(join(dirname(place), aim));
  if (aim === '' || aim.startsWith('/') || aim.includes('\0') || landing === '..' || landing.startsWith('../')) {
    throw new Refusal(`The link "${place}" leads out of the archive`);
  }
  return aim;
}

/** Archives of a hosted repository hold one folder that holds everything. */
async function projectRoot(target: string): Promise<string> {
  const names = await readdir(target);
  const [only] = names;
  if (only === undefined || names.length > 1) return target;
  const inner = join(target, only);
  return (await stat(inner)).isDirectory() ? inner : target;
}

const isOfSystem = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:ENOSPC|EDQUOT|EACCES|EMFILE|EIO|EROFS)$/.test(String(error.code));

// What has arrived and is not applied yet: blocks as they came, in files of `.atomic/incoming`. A transfer that is cut off
// leaves its file, and the next one takes the patches out of it instead of asking for them again.
// Rule: patches are believed for their own hashes, never for where they lay; a leftover that is damaged is as good as cut
// off there. A leftover counts only as far as everything that it builds on is here.

import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

import { Fault, type Instant } from 'kernel/basics';

import { contentsHashOf, decodePatch } from '../patches/encode-patch.ts';
import type { PatchHash } from '../patches/hash.ts';
import type { StoredPatch } from '../store/store.ts';
import { entriesEndingIn, entriesIn } from './blocks.ts';
import { remoteLimit } from './faults.ts';
import { FRAME_BYTES_MAX } from './frames.ts';

export const INCOMING = 'incoming';
/** A history of ten million lines is below a tenth of it. */
const SPOOL_BYTES_MAX = 16 * 1024 * 1024 * 1024;
/** Leftovers that nobody went on with are removed after two weeks. */
const LEFTOVER_MS_MAX = 14 * 24 * 3600 * 1000;
const LEFTOVERS_MAX = 64;
const LENGTH_BYTES = 4;
const NAMES_TRIED_MAX = 1000;

/** The blocks of one transfer. */
export class Spool {
  readonly #path: string;
  readonly #file: number;
  #length = 0;
  #entries = 0;

  private constructor(path: string, file: number) {
    this.#path = path;
    this.#file = file;
  }

  /** `store`: the `.atomic` folder. */
  static begin(store: string): Spool {
    const folder = join(store, INCOMING);
    mkdirSync(folder, { recursive: true });
    for (let n = 1; ; n += 1) {
      const path = join(folder, `${process.pid}-${n}.blocks`);
      try {
        return new Spool(path, openSync(path, 'wx+'));
      } catch (thrown) {
        const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST';
        if (!isTaken || n === NAMES_TRIED_MAX) throw thrown;
      }
    }
  }

  get entries(): number {
    return this.#entries;
  }

  /** Keeps a block, and says how many entries end in it. Throws ATOMIC_FRAME_MALFORMED where it contradicts itself. */
  add(block: Uint8Array): number {
    const entries = entriesEndingIn(block);
    if (this.#length + block.length > SPOOL_BYTES_MAX) throw remoteLimit('A bundle', '16 GiB');
    const head = new Uint8Array(LENGTH_BYTES);
    new DataView(head.buffer).setUint32(0, block.length);
    for (const bytes of [head, block]) this.#write(bytes);
    this.#entries += entries;
    return entries;
  }

  blocks(): Iterable<Uint8Array> {
    return blocksInFile(this.#file);
  }

  /** `keep`: what arrived waits for the next try. */
  end(keep: boolean): void {
    closeSync(this.#file);
    if (!keep || this.#length === 0) rmSync(this.#path, { force: true });
  }

  #write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const written = writeSync(this.#file, bytes, at, bytes.length - at, this.#length);
      this.#length += written;
      at += written;
    }
  }
}

/** Whole blocks as far as there are any. */
function* blocksInFile(file: number): Generator<Uint8Array, void> {
  const { size } = fstatSync(file);
  for (let at = 0; at + LENGTH_BYTES <= size;) {
    const head = bytesAt(file, at, LENGTH_BYTES);
    const length = new DataView(head.buffer).getUint32(0);
    if (length > FRAME_BYTES_MAX || at + LENGTH_BYTES + length > size) return;
    yield bytesAt(file, at + LENGTH_BYTES, length);
    at += LENGTH_BYTES + length;
  }
}

function bytesAt(file: number, at: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let read = 0;
  while (read < length) {
    const more = readSync(file, bytes, read, length - read, at + read);
    if (more === 0) break;
    read += more;
  }
  return bytes;
}

/** Patches of transfers that were cut off, each usable: whole, and with everything that it builds on before it. */
export interface Leftovers {
  readonly hashes: ReadonlySet<PatchHash>;
  /** In an order in which each comes after what it builds on. */
  patches(wanted: (hash: PatchHash) => boolean): Iterable<StoredPatch>;
  /** Removes files that nobody needs: all in them is in the repository now, or they are old. */
  tidy(isHere: (hash: PatchHash) => boolean, now: Instant): void;
}

const NOTHING: Leftovers = { hashes: new Set(), patches: () => [], tidy: () => undefined };

export function leftoversIn(store: string, isHere: (hash: PatchHash) => boolean): Leftovers {
  const folder = join(store, INCOMING);
  if (!existsSync(folder)) return NOTHING;
  const paths = oldestFirst(folder).slice(0, LEFTOVERS_MAX);
  const found = new Map<string, readonly PatchHash[]>();
  const hashes = new Set<PatchHash>();
  for (const path of paths) {
    found.set(
      path,
      [...patchesInFile(path)].map((patch) => patch.hash),
    );
    for (const patch of patchesInFile(path)) {
      const { dependencies } = decodePatch(patch.hashed);
      if (dependencies.every((hash) => hashes.has(hash) || isHere(hash)) && !isHere(patch.hash)) hashes.add(patch.hash);
    }
  }
  return {
    hashes,
    *patches(wanted) {
      const given = new Set<PatchHash>();
      for (const path of paths) {
        for (const patch of patchesInFile(path)) {
          if (given.has(patch.hash) || !hashes.has(patch.hash) || !wanted(patch.hash)) continue;
          given.add(patch.hash);
          yield patch;
        }
      }
    },
    tidy(isNowHere, now) {
      for (const [path, inside] of found)
        if (inside.every(isNowHere) || isOld(path, now)) rmSync(path, { force: true });
    },
  };
}

/** A transfer that went on with another one is younger. */
function oldestFirst(folder: string): readonly string[] {
  const files = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const at = name.endsWith('.blocks') ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    return at === undefined ? [] : [{ path, at }];
  });
  return files.sort((a, b) => a.at - b.at || (a.path < b.path ? -1 : 1)).map(({ path }) => path);
}

function* patchesInFile(path: string): Generator<StoredPatch, void> {
  const file = openIfThere(path);
  if (file === null) return;
  try {
    for (const entry of entriesIn(blocksInFile(file)))
      if (entry.kind === 'patch' && isWhole(entry.patch)) yield entry.patch;
  } catch (thrown) {
    // Cut off or damaged from here on: what came before is good.
    if (!(thrown instanceof Fault)) throw thrown;
  } finally {
    closeSync(file);
  }
}

function isWhole({ hashed, contents }: StoredPatch): boolean {
  const { contentsHash, contentsLength } = decodePatch(hashed);
  return contents.length === contentsLength && Buffer.compare(contentsHashOf(contents), contentsHash) === 0;
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch {
    // Another process has finished with it just now.
    return null;
  }
}

function isOld(path: string, now: Instant): boolean {
  const file = openIfThere(path);
  if (file === null) return false;
  try {
    return now - fstatSync(file).mtimeMs > LEFTOVER_MS_MAX;
  } finally {
    closeSync(file);
  }
}

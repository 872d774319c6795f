// What has changed on the disk since hooks last looked: the files that a tool named, or all of them.
// Rule: a file whose times and size are as they were is not read. What is ignored, outside, behind a link, or by its name a
// secret is never looked into. Texts are bounded; of what is too large only that it changed is told. A text's hash is taken
// only where something is to be compared with it: a hook has no time to load node:crypto.

import { lstatSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';

import type { IgnoreRules } from '../working-copy/ignore-rules.ts';
import { scan, statFile, type DiskFile } from '../working-copy/scan.ts';
import { isAsKnown, sizeIn, stampOf, type KnownFile, type KnownFiles } from './known-files.ts';
import type { RecordedRow } from './open-rows.ts';
import { UNTAKEN_HASH, type Sighting } from './spool-entry.ts';

/** Longer files are generated; nobody asks who wrote their lines. */
const TEXT_BYTES_MAX = 1024 * 1024;
/** Of all texts in one look: what a hook can read and write in some 30 ms. */
const LOOK_BYTES_MAX = 12 * 1024 * 1024;
/** Files that hold secrets by custom. What is recorded of them is untracked. */
const SECRET_NAMES =
  /(?:^|\/)(?:\.env(?:\.[^/]*)?|\.npmrc|\.netrc|\.pgpass|id_[a-z0-9]+|[^/]*\.(?:pem|key|p12|pfx|kdbx))$/i;

export interface LookedAt {
  readonly root: string;
  readonly known: KnownFiles;
  /** What is recorded, as last seen on the disk. Asked only when all files are looked at. */
  readonly rows: () => readonly RecordedRow[];
  readonly rules: () => IgnoreRules;
  readonly nowMs: number;
}

export interface Look {
  readonly seen: readonly Sighting[];
  readonly known: KnownFiles;
}

/** The files that were named, as paths from the root. Those outside of it are left out. */
export function pathsFromRoot(root: string, folder: string, named: readonly string[]): readonly string[] {
  const paths = named.map((path) => relative(root, isAbsolute(path) ? path : resolve(folder, path)));
  const inside = paths.filter(
    (path) => path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path),
  );
  return [...new Set(inside.map((path) => path.split(sep).join('/')))];
}

/** Looks at these paths, whether they changed or not: their texts are always told. */
export function lookAtNamed(looked: LookedAt, paths: readonly string[]): Look {
  const teller = new Teller(looked);
  for (const path of paths) {
    if (SECRET_NAMES.test(path) || isHidden(path, looked.rules()) || hasLinkAbove(looked.root, path)) continue;
    const file = statFile(looked.root, path);
    if (file === null || file.kind !== 'file') teller.gone(path);
    else teller.tell(file);
  }
  return teller.finish();
}

/** Looks at every file, and tells those that are not as they were last seen. */
export function lookAtAll(looked: LookedAt): Look {
  const teller = new Teller(looked);
  const rows = new Map(looked.rows().map((row) => [row.path, row]));
  // A folder with something recorded in it need not be asked about: rules are compiled only for what is new.
  const tracked = new Set([...rows.keys()].flatMap((path) => [path, ...foldersOf(path)]));
  const files = scan(looked.root, looked.rules(), (path) => tracked.has(path));
  const present = new Set<string>();
  for (const file of files) {
    if (file.kind !== 'file' || SECRET_NAMES.test(file.path)) continue;
    present.add(file.path);
    const known = looked.known.get(file.path);
    const row = rows.get(file.path);
    if (isAsKnown(file, known)) continue;
    if (row !== undefined && isAsRecorded(file, row)) teller.asRecorded(file, row, known);
    else teller.tell(file, knownText(known, row));
  }
  const before = [...rows.keys(), ...[...looked.known].flatMap(([path, { hash }]) => (hash === null ? [] : [path]))];
  for (const path of new Set(before)) {
    if (!present.has(path) && looked.known.get(path)?.hash !== null && !SECRET_NAMES.test(path)) teller.gone(path);
  }
  return teller.finish();
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
    folders.push(path.slice(0, slash));
  return folders;
}

const isAsRecorded = (file: DiskFile, row: RecordedRow): boolean =>
  row.mtimeNs !== 0n && row.mtimeNs === file.mtimeNs && row.size === BigInt(file.size) && row.ino === file.ino;

const hashText = (hash: Uint8Array): string => Buffer.from(hash).toString('base64');
const hashOf = (text: Buffer): string =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('base64');

/** What is known of a text that may lie on the disk still. */
interface KnownText {
  readonly hash: string | null;
  /** Undefined: untold. */
  readonly size: bigint | undefined;
}

const knownText = (known: KnownFile | undefined, row: RecordedRow | undefined): KnownText | undefined => {
  if (known !== undefined) return { hash: known.hash, size: sizeIn(known.stamp) };
  if (row === undefined) return undefined;
  return { hash: hashText(row.contentHash), size: row.mtimeNs === 0n ? undefined : row.size };
};

/** Whether a text may be the one that is known: else nobody has to take its hash. */
const mayBe = (text: Buffer, known: KnownText | undefined): boolean =>
  known !== undefined &&
  known.hash !== null &&
  known.hash !== UNTAKEN_HASH &&
  (known.size === undefined || known.size === BigInt(text.length));

class Teller {
  readonly #looked: LookedAt;
  readonly #seen: Sighting[] = [];
  readonly #known: Map<string, KnownFile>;
  #bytes = 0;

  constructor(looked: LookedAt) {
    this.#looked = looked;
    this.#known = new Map(looked.known);
  }

  /** `before`: nothing is told of a file whose text is what was known already. */
  tell(file: DiskFile, before?: KnownText): void {
    const { path, size } = file;
    const stamp = stampOf(file, this.#looked.nowMs);
    if (size > TEXT_BYTES_MAX) {
      this.#put({ path, hash: `large ${size} ${file.mtimeNs}` }, stamp);
      return;
    }
    const text = textOf(join(this.#looked.root, path));
    if (text === null) return;
    const isTold = this.#bytes + text.length <= LOOK_BYTES_MAX;
    const hash = !isTold || mayBe(text, before) ? hashOf(text) : UNTAKEN_HASH;
    if (hash !== UNTAKEN_HASH && before?.hash === hash) {
      this.#known.set(path, { stamp, hash });
      return;
    }
    if (isTold) this.#bytes += text.length;
    this.#put(isTold ? { path, hash, text } : { path, hash }, stamp);
  }

  /** Somebody brought the file back to what is recorded: an Atomic command. */
  asRecorded({ path }: DiskFile, row: RecordedRow, known: KnownFile | undefined): void {
    const hash = hashText(row.contentHash);
    this.#known.delete(path);
    if (known !== undefined && known.hash !== hash) this.#seen.push({ path, hash });
  }

  gone(path: string): void {
    this.#put({ path, hash: null }, '');
  }

  finish(): Look {
    return { seen: this.#seen, known: this.#known };
  }

  #put(sighting: Sighting, stamp: string): void {
    this.#seen.push(sighting);
    this.#known.set(sighting.path, { stamp, hash: sighting.hash });
  }
}

function textOf(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    // It went away in this moment, or is not ours to read: nothing is told of it.
    return null;
  }
}

/** Whether rules hide a path or a folder above it. */
function isHidden(path: string, rules: IgnoreRules): boolean {
  let at = rules;
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const folder = path.slice(0, slash);
    if (at.isIgnored(folder, true)) return true;
    at = at.inside(folder);
  }
  return at.isIgnored(path, false);
}

function hasLinkAbove(root: string, path: string): boolean {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    const stats = lstatSync(join(root, path.slice(0, slash)), { throwIfNoEntry: false });
    if (stats?.isSymbolicLink() === true) return true;
  }
  return false;
}

// Changes to files become one draft: places, properties and text, under the numbers of this repository.
// Rule: what is asserted supersedes everything that was asserted of the same file and not superseded yet, so recording
// settles what was in conflict there. A file's directories are made with it.

import type { TextFacts, PatchNumber } from '../patches/facts.ts';
import type { FileTree, InodeNumber, TreeEntry, TreeFact } from '../patches/file-tree.ts';
import type { FileKind } from '../patches/patch.ts';
import { draftInode, emptyFacts } from '../patches/patch-facts.ts';
import { DRAFT, DraftContents, joined } from '../patches/record-text.ts';
import type { OpenText } from './open-text.ts';

/** What the builder asks of the view it records against. */
export interface RecordedAgainst {
  tree(): FileTree;
  text(inode: InodeNumber): OpenText;
}

export interface FileState {
  readonly kind: FileKind;
  readonly isExecutable: boolean;
}

export type TextChange =
  | { readonly kind: 'done'; readonly by: 'lines' | 'whole-file' | 'nothing' }
  | { readonly kind: 'markers-left'; readonly lines: readonly number[] };

export class DraftBuilder {
  readonly contents = new DraftContents();
  readonly tree: TreeFact[] = [];
  readonly texts: { readonly inode: InodeNumber; readonly facts: TextFacts }[] = [];
  readonly known = new Set<PatchNumber>();
  /** What clean texts print once the draft is recorded: proven while it was made. */
  readonly printed = new Map<InodeNumber, Buffer>();
  readonly #against: RecordedAgainst;
  readonly #made = new Map<string, InodeNumber>();
  #files = 0;

  constructor(against: RecordedAgainst) {
    this.#against = against;
  }

  get isEmpty(): boolean {
    return this.tree.length === 0 && this.texts.length === 0;
  }

  add(path: string, state: FileState, bytes: Buffer): void {
    const inode = this.#newInode(state.kind);
    this.#locate(inode, path);
    if (state.isExecutable) this.#setMeta(inode, 'executable', 'yes');
    if (state.kind === 'directory') {
      this.#made.set(path, inode);
      return;
    }
    if (bytes.length === 0) return;
    const { start, end } = this.contents.add(bytes);
    const insert = { start, end, up: [], down: [], replaces: [], origins: [] };
    this.texts.push({ inode, facts: { ...emptyFacts(DRAFT), inserts: [insert] } });
  }

  /** Deletes all that lies at a path. A file that has other names keeps one of them, unless it is to go `wholly`. */
  remove({ path, inode, kind, twins }: TreeEntry, wholly = false): void {
    for (const each of [inode, ...twins]) {
      const others = this.#against
        .tree()
        .pathsOf(each)
        .filter((other) => other !== path);
      if (others[0] !== undefined && !wholly) this.#locate(each, others[0]);
      else {
        this.#gone(each);
        if (kind !== 'directory') this.#deleteText(each);
      }
    }
  }

  move({ inode, twins, kind }: TreeEntry, to: string): void {
    this.#locate(inode, to);
    for (const twin of twins) {
      if (kind === 'directory') this.#locate(twin, to);
      else this.#removeTwin(twin);
    }
  }

  change({ inode, twins, kind }: TreeEntry, after: Buffer, allowMarkers = false): TextChange {
    const text = this.#against.text(inode);
    if (kind !== 'text' && !text.isClean) {
      this.#rewrite(inode, after);
    } else {
      const recording = text.record(after, this.contents, allowMarkers);
      if (recording.kind === 'markers-left') return recording;
      if (recording.kind === 'unchanged') return { kind: 'done', by: 'nothing' };
      for (const patch of recording.known) this.known.add(patch);
      this.texts.push({ inode, facts: recording.facts });
      if (recording.by === 'lines' && text.isClean) this.printed.set(inode, after);
      this.#keepTwins(twins);
      this.#settlePlace(inode);
      return { kind: 'done', by: recording.by };
    }
    this.#keepTwins(twins);
    this.#settlePlace(inode);
    return { kind: 'done', by: 'whole-file' };
  }

  setProperties({ inode, kind, isExecutable }: TreeEntry, now: FileState): void {
    if (now.kind !== kind) this.#setMeta(inode, 'kind', now.kind);
    if (now.isExecutable !== isExecutable) this.#setMeta(inode, 'executable', now.isExecutable ? 'yes' : 'no');
  }

  /** Of files with the same name and text, one is left. */
  settleTwins({ twins, kind }: TreeEntry): void {
    if (kind !== 'directory') this.#keepTwins(twins);
  }

  /** Says again where a file lies, so that a conflict about it ends with this place. */
  settle({ inode, path }: TreeEntry): void {
    this.#locate(inode, path);
  }

  #newInode(kind: FileKind): InodeNumber {
    const inode = draftInode(this.#files);
    this.tree.push({ kind: 'add-file', inode, n: this.#files, fileKind: kind });
    this.#files += 1;
    return inode;
  }

  #locate(inode: InodeNumber, path: string): void {
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? null : this.#directory(path.slice(0, slash));
    this.tree.push({
      kind: 'locate',
      atom: this.tree.length,
      inode,
      at: { parent, name: path.slice(slash + 1) },
      supersedes: this.#against.tree().inodes.get(inode)?.locates ?? [],
    });
  }

  /** The directory at a path: the one that is there, or one that this draft makes. */
  #directory(path: string): InodeNumber {
    const made = this.#made.get(path);
    if (made !== undefined) return made;
    const entry = this.#against.tree().entries.get(path);
    if (entry?.kind === 'directory') {
      this.#made.set(path, entry.inode);
      return entry.inode;
    }
    const inode = this.#newInode('directory');
    this.#made.set(path, inode);
    this.#locate(inode, path);
    return inode;
  }

  #gone(inode: InodeNumber): void {
    const supersedes = this.#against.tree().inodes.get(inode)?.locates ?? [];
    this.tree.push({ kind: 'locate', atom: this.tree.length, inode, at: null, supersedes });
  }

  #setMeta(inode: InodeNumber, key: 'executable' | 'kind', value: string): void {
    const metas = this.#against.tree().inodes.get(inode)?.metas ?? [];
    const supersedes = metas.filter((meta) => meta.key === key).map(({ patch, atom }) => ({ patch, atom }));
    this.tree.push({ kind: 'set-meta', atom: this.tree.length, inode, key, value, supersedes });
  }

  #deleteText(inode: InodeNumber): void {
    const text = this.#against.text(inode);
    if (text.size === 0) return;
    const printed = text.printed();
    const deletes = joined(printed.piecesIn(0, printed.bytes.length).flatMap(({ ranges }) => ranges));
    for (const patch of text.file.ownersBeside(deletes)) this.known.add(patch);
    this.texts.push({ inode, facts: { ...emptyFacts(DRAFT), deletes: [...deletes] } });
  }

  /** A file without lines that is in conflict: everything goes, and what a person left there comes. */
  #rewrite(inode: InodeNumber, after: Buffer): void {
    const text = this.#against.text(inode);
    const printed = text.printed();
    const pieces = printed.piecesIn(0, printed.bytes.length).filter(({ ranges }) => ranges.length > 0);
    const deletes = joined(pieces.flatMap(({ ranges }) => ranges));
    for (const patch of text.file.ownersBeside(deletes)) this.known.add(patch);
    const down = pieces[0]?.ranges.map(({ patch, start }) => ({ patch, offset: start })) ?? [];
    const added = after.length === 0 ? null : this.contents.add(after);
    const inserts = added === null ? [] : [{ ...added, up: [], down, replaces: deletes, origins: [] }];
    this.texts.push({ inode, facts: { ...emptyFacts(DRAFT), inserts, deletes: [...deletes] } });
  }

  /** Files with the same name and text are one from now on. */
  #keepTwins(twins: readonly InodeNumber[]): void {
    for (const twin of twins) this.#removeTwin(twin);
  }

  #removeTwin(twin: InodeNumber): void {
    this.#gone(twin);
    this.#deleteText(twin);
  }

  /** A deleted file whose text was kept by hand is a file again. */
  #settlePlace(inode: InodeNumber): void {
    const tree = this.#against.tree();
    const isDisputed = tree.conflicts.some(
      ({ kind, inodes }) => inodes.includes(inode) && (kind === 'deleted-but-changed' || kind === 'moved-and-deleted'),
    );
    const [path] = tree.pathsOf(inode);
    if (isDisputed && path !== undefined) this.#locate(inode, path);
  }
}

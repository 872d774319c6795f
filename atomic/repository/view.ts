// What one set of patches means: its files, their texts, their conflicts. Opened on demand and kept while it is used.
// Rule: nothing in here is the truth. Everything is derived from the set and may be thrown away; when a patch joins or
// leaves, what it does not touch moves on as it is.

import type { PatchNumber, TextFacts } from '../patches/facts.ts';
import { advanceTree, copyTree } from '../patches/advance-tree.ts';
import { fileTreeOf, type FileTree, type InodeNumber, type OwnFileTree, type TreeFacts } from '../patches/file-tree.ts';
import { unpackText, unpackTree } from '../patches/pack-facts.ts';
import type { PatchFacts } from '../patches/patch-facts.ts';
import { versionsOf } from '../patches/print-layout.ts';
import type { PatchSet, ReadonlyPatchSet } from '../store/patch-set.ts';
import type { PatchStore } from '../store/store.ts';
import { SHORT_HASH } from './numbering.ts';
import { OpenText, type TextContext } from './open-text.ts';

/** Texts kept open at once: the hot files of a large change, a few MiB each at most. */
const OPEN_TEXTS_MAX = 256;

export class View {
  readonly #store: PatchStore;
  readonly #context: TextContext;
  #set: PatchSet;
  #tree: OwnFileTree | null = null;
  /** Texts that another view has too: they are copied before they move on. */
  readonly #shared = new Set<InodeNumber>();
  readonly #texts = new Map<InodeNumber, OpenText>();

  constructor(store: PatchStore, context: TextContext, set: ReadonlyPatchSet) {
    this.#store = store;
    this.#context = context;
    this.#set = set.clone();
  }

  get set(): ReadonlyPatchSet {
    return this.#set;
  }

  get context(): TextContext {
    return this.#context;
  }

  tree(): FileTree {
    this.#tree ??= fileTreeOf(this.#treeFacts(), {
      compare: (a, b) => this.#store.patches.compare(a, b),
      hasAliveText: (inode, deletedBy) => this.#isChangedUnknown(inode, deletedBy) && this.text(inode).size > 0,
      hasSameText: (a, b) => this.text(a).printed().bytes.equals(this.text(b).printed().bytes),
      shortHash: (patch) => this.#store.patches.hashOf(patch).slice(0, SHORT_HASH),
    });
    return this.#tree;
  }

  text(inode: InodeNumber): OpenText {
    const open = this.#texts.get(inode) ?? OpenText.of(this.#context, this.#textFacts(inode), this.#factsOf(inode));
    // The one used last stands last.
    this.#texts.delete(inode);
    this.#texts.set(inode, open);
    if (this.#texts.size > OPEN_TEXTS_MAX) {
      const [oldest] = this.#texts.keys();
      if (oldest !== undefined) {
        this.#texts.delete(oldest);
        this.#shared.delete(oldest);
      }
    }
    return open;
  }

  /** The bytes that stand at a path: with markers in a text, the first version in a file without lines. */
  bytesOf(inode: InodeNumber): Buffer {
    const kind = this.tree().inodes.get(inode)?.kind;
    const text = this.text(inode);
    if (text.isClean || kind === 'text') return text.printed().bytes;
    return versionsOf(text.file.layout, this.#context.history)[0]?.bytes ?? Buffer.alloc(0);
  }

  /** The view moves on with a patch that was just added to its set. `printed`: what files print then, as was proven. */
  add(patch: PatchNumber, facts: PatchFacts, printed?: ReadonlyMap<InodeNumber, Buffer>): void {
    if (this.#set.has(patch)) return;
    const isTreeSure = !this.#mayRevive(patch, facts);
    this.#set.add(patch);
    for (const [inode, text] of facts.texts) this.#own(inode)?.apply(text, printed?.get(inode) ?? null);
    if (!isTreeSure || (this.#tree !== null && !advanceTree(this.#tree, { patch, facts: facts.tree })))
      this.#tree = null;
  }

  remove(patch: PatchNumber, facts: PatchFacts): void {
    if (!this.#set.has(patch)) return;
    const isTreeSure = facts.tree.length === 0 && !this.#mayRevive(patch, facts);
    this.#set.remove(patch);
    for (const [inode, text] of facts.texts) this.#own(inode)?.withdraw(text);
    if (!isTreeSure) this.#tree = null;
  }

  /** A view of the same set that moves on by itself. Cheap: texts are shared until one of the two changes them. */
  copy(): View {
    const copy = new View(this.#store, this.#context, this.#set);
    copy.#tree = this.#tree === null ? null : copyTree(this.#tree);
    for (const [inode, text] of this.#texts) {
      copy.#texts.set(inode, text);
      copy.#shared.add(inode);
      this.#shared.add(inode);
    }
    return copy;
  }

  /** The open text of a file, this view's own. */
  #own(inode: InodeNumber): OpenText | undefined {
    const text = this.#texts.get(inode);
    if (text === undefined || !this.#shared.delete(inode)) return text;
    const own = text.copy();
    this.#texts.set(inode, own);
    return own;
  }

  /** A text that changes in a file that is deleted, disputed, or one of several at its path may change the tree. */
  #mayRevive(patch: PatchNumber, { texts, tree: facts }: PatchFacts): boolean {
    const tree = this.#tree;
    if (tree === null) return false;
    const added = new Set(facts.flatMap((fact) => (fact.kind === 'add-file' ? [fact.inode] : [])));
    const deleted = facts.flatMap((fact) => (fact.kind === 'locate' && fact.at === null ? [fact.inode] : []));
    if (deleted.some((inode) => this.#isChangedUnknown(inode, [patch]))) return true;
    return [...texts.keys()].some((inode) => {
      if (added.has(inode)) return false;
      const paths = tree.pathsOf(inode);
      if (paths.length !== 1 || tree.conflicts.some(({ inodes }) => inodes.includes(inode))) return true;
      return paths.some((path) => (tree.entries.get(path)?.twins.length ?? 0) > 0);
    });
  }

  *#treeFacts(): Generator<TreeFacts> {
    for (const { patch, facts } of this.#store.files.treeFacts()) {
      if (this.#set.has(patch)) yield unpackTree(patch, facts);
    }
  }

  *#textFacts(inode: InodeNumber): Generator<TextFacts> {
    for (const { patch, facts } of this.#store.files.textFacts(inode)) {
      if (this.#set.has(patch)) yield unpackText(patch, facts);
    }
  }

  #factsOf(inode: InodeNumber): (patch: PatchNumber) => TextFacts | undefined {
    return (patch) => {
      const packed = this.#store.files.textFactsOf(inode, patch);
      return packed === undefined ? undefined : unpackText(patch, packed);
    };
  }

  /** Whether anybody changed a deleted file whom its deleters did not know. */
  #isChangedUnknown(inode: InodeNumber, deletedBy: readonly PatchNumber[]): boolean {
    return this.#store.files
      .touching(inode)
      .some(
        (patch) =>
          this.#set.has(patch) &&
          !deletedBy.some((deleter) => deleter === patch || this.#store.patches.knows(deleter, patch)),
      );
  }
}

// What every store does with patches, facts and attribution, wherever the bytes lie and whoever looks.

import { join } from 'node:path';

import { instant } from 'kernel/basics';
import { describe, expect, test } from 'vitest';

import { parseHash, type PatchHash } from '../patches/hash.ts';
import { EMPTY_ROOT } from '../patches/state-root.ts';
import { initStore } from './open-store.ts';
import { testedStore, START_MS, writeLines, type Look } from './tested-store.contract.ts';
import type { Derive } from './verify-face.ts';
import { AI_LABELS, deriveSample, draftFrom, draftOf, factsOf, treeFactsOf, type Sample } from './sample-drafts.ts';

export function describePatches(name: string, look: Look): void {
  describe(name, () => {
    const tested = testedStore(look);

    test('a new store has an empty channel and no patch', () => {
      expect(tested.store.patches.count).toBe(0);
      expect(tested.store.channels.current()).toBe('main');
      expect(tested.store.channels.list()).toEqual([{ name: 'main', size: 0, root: EMPTY_ROOT }]);
      expect(tested.store.verify(deriveSample)).toEqual([]);
    });

    test('a patch comes back as it was put in, by number, by name and by the beginning of its name', () => {
      const base = draftOf({ text: 'base\n' });
      const signed = draftOf({ text: 'one\n', dependencies: [base.patch.hash], author: 'Bo', atMs: 5000 });
      const patch = {
        ...signed.patch,
        attribution: { salt: new Uint8Array(16).fill(7), blob: Uint8Array.of(1, 2, 3) },
        signatures: [{ key: new Uint8Array(32).fill(1), signature: new Uint8Array(64).fill(2) }],
      };
      const added = tested.write((transaction) => [
        transaction.addPatch(base),
        transaction.addPatch({ ...signed, patch, flags: 5 }),
      ]);
      expect(added).toEqual([
        { kind: 'added', number: 1 },
        { kind: 'added', number: 2 },
      ]);
      const { patches } = tested.store;
      expect(patches.patchBytes(2)).toEqual(patch);
      expect(patches.hashOf(2)).toBe(patch.hash);
      expect(patches.numberOf(patch.hash)).toBe(2);
      expect(patches.has(patch.hash)).toBe(true);
      expect(patches.findByPrefix(patch.hash.slice(0, 9).toUpperCase())).toEqual({
        kind: 'one',
        number: 2,
        hash: patch.hash,
      });
      expect(patches.findByPrefix(patch.hash)).toMatchObject({ kind: 'one' });
      expect(patches.rowOf(2)).toEqual({
        number: 2,
        hash: patch.hash,
        at: 5000,
        zoneMinutes: 60,
        authors: [{ name: 'Bo', email: 'bo@example.org' }],
        message: 'one\n',
        flags: 5,
        contentsLength: 4,
        dependencies: [1],
        known: [],
      });
    });

    test('a name that nobody has is not found, and a beginning that several have is not enough', () => {
      const hashes = writeLines(tested, 40);
      const { patches } = tested.store;
      expect(patches.numberOf(absent())).toBeUndefined();
      expect(patches.findByPrefix('')).toEqual({ kind: 'none' });
      expect(patches.findByPrefix('not base32!')).toEqual({ kind: 'none' });
      expect(patches.findByPrefix(`${hashes[0] ?? ''}a`)).toEqual({ kind: 'none' });
      for (const letter of 'abcdefghijklmnopqrstuvwxyz234567') {
        const having = hashes.filter((hash) => hash.startsWith(letter)).length;
        expect(patches.findByPrefix(letter).kind).toBe(having === 0 ? 'none' : having === 1 ? 'one' : 'several');
      }
      expect(() => patches.hashOf(41)).toThrow(/no patch with the local number 41/);
      expect(() => patches.rowOf(0)).toThrow(/no patch with the local number 0/);
      expect(() => patches.hashBytesOf(0)).toThrow(/no patch with the local number 0/);
    });

    test('patches are ordered by the bytes of their names', () => {
      const hashes = writeLines(tested, 20);
      const { patches } = tested.store;
      const numbers = hashes.map((_, index) => index + 1);
      const sorted = [...numbers].sort((a, b) => patches.compare(a, b));
      const byBytes = [...numbers].sort((a, b) => Buffer.compare(patches.hashBytesOf(a), patches.hashBytesOf(b)));
      expect(sorted).toEqual(byBytes);
      expect(patches.compare(3, 3)).toBe(0);
    });

    test('a patch that is here already stays as it is', () => {
      const draft = draftOf({ text: 'once' });
      tested.write((transaction) => transaction.addPatch(draft));
      expect(tested.write((transaction) => transaction.addPatch(draft))).toEqual({ kind: 'present', number: 1 });
      expect(tested.store.patches.count).toBe(1);
    });

    test('a patch under a wrong name, or without what it builds on, is refused and nothing is kept', () => {
      const draft = draftOf({ text: 'right' });
      const wrong = { ...draft, patch: { ...draft.patch, hash: draftOf({ text: 'other' }).patch.hash } };
      expect(() => tested.write((transaction) => transaction.addPatch(wrong))).toThrow(
        /another hash than its name says/,
      );
      const orphan = draftOf({ text: 'orphan', dependencies: [draft.patch.hash] });
      expect(() => tested.write((transaction) => transaction.addPatch(orphan))).toThrow(draft.patch.hash);
      expect(tested.store.patches.count).toBe(0);
      tested.write((transaction) => [transaction.addPatch(draft), transaction.addPatch(orphan)]);
      expect(tested.store.patches.rowOf(2).dependencies).toEqual([1]);
      expect(tested.store.verify()).toEqual([]);
    });

    test('many patches of one write come back, and are read while it goes on', () => {
      const texts = Array.from({ length: 300 }, (_, index) => `${index} `.repeat(index * 20));
      tested.write((transaction) => {
        for (const [index, text] of texts.entries()) {
          const { number } = transaction.addPatch(draftOf({ text }));
          expect(number).toBe(index + 1);
          expect(tested.store.patches.contentsOf(number).length).toBe(text.length);
          if (index > 250) expect(textOf(tested.store.patches.contentsOf(1 + (index % 7)))).toBe(texts[index % 7]);
        }
      });
      for (const [index, text] of texts.entries())
        expect(textOf(tested.store.patches.contentsOf(index + 1))).toBe(text);
    });

    test('facts of files and of the tree are found by file and by patch', () => {
      const hashes = writeLines(tested, 3);
      tested.write((transaction) => {
        const inode = transaction.addInode(1, 0, 'text');
        for (const number of [3, 1]) transaction.putTextFacts(inode, number, Uint8Array.of(number));
        transaction.putTreeFacts(1, Uint8Array.of(9));
      });
      const { files } = tested.store;
      const inode = files.inodeOf(1, 0) ?? 0;
      expect(hashes).toHaveLength(3);
      expect(files.inodeRow(inode)).toEqual({ inode, patch: 1, n: 0, kind: 'text' });
      expect(files.inodeOf(1, 1)).toBeUndefined();
      expect(files.textFacts(inode)).toEqual([
        { patch: 1, facts: Uint8Array.of(1) },
        { patch: 3, facts: Uint8Array.of(3) },
      ]);
      expect(files.touching(inode)).toEqual([1, 3]);
      expect(files.touchedBy(3)).toEqual([inode]);
      expect(files.textFactsOf(inode, 2)).toBeUndefined();
      expect(files.textFactsOf(inode, 3)).toEqual(Uint8Array.of(3));
      expect(files.treeFacts()).toEqual([{ patch: 1, facts: Uint8Array.of(9) }]);
      expect(files.treeFactsOf(2)).toBeUndefined();
      expect(() => files.inodeRow(77)).toThrow(/no file with the local number 77/);
    });

    test('attribution may come later, and is counted by its labels', () => {
      writeLines(tested, 3);
      const attribution = { salt: new Uint8Array(16), blob: Uint8Array.of(1) };
      const promptHash = new Uint8Array(32).fill(3);
      tested.write((transaction) => {
        transaction.attach(1, attribution, AI_LABELS);
        transaction.attach(2, attribution, { ...AI_LABELS, promptHash, tokensIn: 50 });
        transaction.putPrompt({ hash: promptHash, level: 'redacted', body: null });
      });
      const { attributions } = tested.store;
      const { provider, model, suggestion, tool, evidence } = AI_LABELS;
      const set = tested.store.patches.closure([1, 2, 3]);
      expect(attributions.of(1)).toEqual(attribution);
      expect(attributions.of(3)).toBeNull();
      expect(attributions.labelsOf(2)).toEqual({ ...AI_LABELS, promptHash, tokensIn: 50 });
      expect(attributions.prompts()).toEqual([{ hash: promptHash, level: 'redacted', body: null, references: 1 }]);
      expect(attributions.tally(set)).toEqual([
        {
          actor: 'ai',
          provider,
          model,
          suggestion,
          tool,
          evidence,
          patches: 2,
          tokensIn: 150,
          tokensOut: 40,
          costMicroUsd: 600,
        },
        expect.objectContaining({ actor: 'untracked', evidence: 'none', patches: 1 }),
      ]);
    });

    test('the share of each dependency follows from the bytes that are touched of it', () => {
      const hashes = writeLines(tested, 2);
      const draft = { ...draftOf({ text: 'on both', dependencies: hashes }), dependencyBytes: [30, 10] };
      tested.write((transaction) => transaction.addPatch(draft));
      expect(tested.store.attributions.weightsOf(3).map(({ weightBp }) => weightBp)).toEqual([7500, 2500]);
      expect(
        tested.store.attributions.weightsOf(3).map(({ dependency }) => tested.store.patches.hashOf(dependency)),
      ).toEqual(draft.dependencies);
    });

    test('reviews, tags, remotes, notes, git commits and the working copy come back', () => {
      writeLines(tested, 2);
      const review = {
        patch: 1,
        reviewer: new Uint8Array(32),
        verdict: 'accept' as const,
        durationMs: 5000,
        linesShown: null,
        at: instant(START_MS),
        signature: new Uint8Array(64),
      };
      const row = {
        path: 'a/b',
        inode: 1,
        mtimeNs: 2n ** 60n + 1n,
        size: 5,
        ino: 2n ** 62n,
        mode: 420,
        contentHash: new Uint8Array(32),
      };
      const commit = { commit: new Uint8Array(20).fill(1), patch: 2, tree: new Uint8Array(20) };
      tested.write((transaction) => {
        const set = tested.store.patches.closure([2]);
        transaction.putReview(review);
        transaction.putTag({
          name: 'v1',
          root: EMPTY_ROOT,
          set,
          at: instant(START_MS),
          message: 'first',
          signature: null,
        });
        transaction.putRemote('origin', 'https://example.org/r');
        transaction.putNote('session', 'a', Uint8Array.of(1));
        transaction.putGitCommit(commit);
        transaction.putWorktree(row);
      });
      expect(tested.store.attributions.reviewsOf(1)).toEqual([review]);
      expect(tested.store.attributions.reviews()).toEqual([review]);
      expect([...(tested.store.names.tag('v1')?.set ?? [])]).toEqual([2]);
      expect(tested.store.names.tags().map(({ message }) => message)).toEqual(['first']);
      expect(tested.store.names.remotes()).toEqual([{ name: 'origin', url: 'https://example.org/r' }]);
      expect(tested.store.names.notes('session')).toEqual([{ key: 'a', body: Uint8Array.of(1) }]);
      expect(tested.store.names.note('session', 'b')).toBeUndefined();
      expect(tested.store.names.gitCommit(commit.commit)).toEqual(commit);
      expect(tested.store.files.worktree()).toEqual([row]);
      tested.write((transaction) => {
        transaction.deleteTag('v1');
        transaction.deleteRemote('origin');
        transaction.deleteNote('session', 'a');
        transaction.deleteWorktree('a/b');
      });
      expect([
        tested.store.names.tags(),
        tested.store.names.remotes(),
        tested.store.names.notes('session'),
        tested.store.files.worktree(),
      ]).toEqual([[], [], [], []]);
    });

    test('what is damaged in derived tables is found, and made anew from the patches', () => {
      const samples: Sample[] = Array.from({ length: 5 }, (_, index) => ({ text: `sample ${index}` }));
      tested.write((transaction) => {
        for (const sample of samples) {
          const draft = draftOf(sample);
          const { number } = transaction.addPatch(draft);
          transaction.putTextFacts(transaction.addInode(number, 0, 'text'), number, factsOf(draft.patch.hash));
          transaction.putTreeFacts(number, treeFactsOf(draft.patch.hash));
        }
        transaction.addToChannel('main', [1, 2, 3, 4, 5]);
      });
      expect(tested.store.verify(deriveSample)).toEqual([]);
      tested.write((transaction) => {
        transaction.putTextFacts(1, 3, Uint8Array.of(0));
        transaction.putTreeFacts(4, Uint8Array.of(0));
        transaction.addInode(5, 1, 'directory');
      });
      const kinds = tested.store.verify(deriveSample).map(({ kind, cure }) => [kind, cure]);
      expect(kinds).toEqual([
        ['facts-wrong', 'mend'],
        ['facts-wrong', 'mend'],
        ['index-wrong', 'mend'],
      ]);
      expect(tested.store.mend(deriveSample)).toEqual({ patches: 5, remaining: [] });
      tested.write((transaction) => transaction.attach(2, { salt: new Uint8Array(16), blob: Uint8Array.of(1) }, null));
      const derive: Derive = (patch) => ({ ...deriveSample(patch), labels: AI_LABELS });
      expect(tested.store.verify(derive).map(({ what }) => what)).toEqual([expect.stringContaining('other labels')]);
      expect(tested.store.mend(derive).remaining).toEqual([]);
      expect(tested.store.attributions.labelsOf(2)).toEqual(AI_LABELS);
    });

    test('a patch that came as bytes is stored as the one that was written here', () => {
      writeLines(tested, 1);
      const other = initStore(join(tested.folder, 'other'));
      other.write(null, (transaction) => transaction.addPatch(draftFrom(tested.store.patches.patchBytes(1))));
      expect(other.patches.patchBytes(1)).toEqual(tested.store.patches.patchBytes(1));
      other.close();
    });
  });
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function absent(): PatchHash {
  const hash = parseHash('a'.repeat(52));
  if (hash === undefined) throw new RangeError('That is no name.');
  return hash;
}

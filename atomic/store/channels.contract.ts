// What every store does with channels and the audit log, wherever the bytes lie and whoever looks.

import { describe, expect, test } from 'vitest';

import { EMPTY_ROOT, hashesUnder, rootOf, trieOf } from '../patches/state-root.ts';
import { testedStore, START_MS, writeLines, type Look } from './tested-store.contract.ts';
import { draftOf } from './sample-drafts.ts';

export function describeChannels(name: string, look: Look): void {
  describe(name, () => {
    const tested = testedStore(look);

    test('a channel is its set, its root and its log', () => {
      const hashes = writeLines(tested, 6);
      tested.write((transaction) => transaction.addToChannel('main', [1, 2, 3, 5, 4]));
      const channel = tested.store.channels.get('main');
      expect([...(channel?.set ?? [])]).toEqual([1, 2, 3, 4, 5]);
      expect(channel?.root).toEqual(
        Uint8Array.from(
          rootOf(trieOf([1, 2, 3, 4, 5].map((number) => tested.store.patches.hashBytesOf(number).slice()))),
        ),
      );
      expect([...tested.store.channels.log('main')]).toEqual([4, 5, 3, 2, 1]);
      const trie = tested.store.channels.trieOf('main');
      expect(trie === undefined ? 0 : [...hashesUnder(trie)].length).toBe(5);
      expect(hashes).toHaveLength(6);
      expect(tested.store.channels.get('none')).toBeUndefined();
      expect(tested.store.channels.trieOf('none')).toBeUndefined();
    });

    test('taking patches out and putting them back is nothing, but for the log', () => {
      writeLines(tested, 5);
      tested.write((transaction) => transaction.addToChannel('main', [1, 2, 3, 4, 5]));
      const before = tested.store.channels.get('main');
      tested.write((transaction) => transaction.removeFromChannel('main', [2, 4]));
      expect([...tested.store.channels.log('main')]).toEqual([5, 3, 1]);
      tested.write((transaction) => transaction.addToChannel('main', [4, 2]));
      expect(tested.store.channels.get('main')?.root).toEqual(before?.root);
      expect([...tested.store.channels.log('main')]).toEqual([2, 4, 5, 3, 1]);
      expect(tested.store.verify()).toEqual([]);
    });

    test('a channel never has a patch without what it builds on', () => {
      const [first] = writeLines(tested, 1);
      const dependencies = first === undefined ? [] : [first];
      tested.write((transaction) => transaction.addPatch(draftOf({ text: 'second', dependencies })));
      expect(() => tested.write((transaction) => transaction.addToChannel('main', [2]))).toThrow(first);
      tested.write((transaction) => transaction.addToChannel('main', [2, 1]));
      expect(() => tested.write((transaction) => transaction.removeFromChannel('main', [1]))).toThrow(first);
      expect(tested.store.channels.get('main')?.set.size).toBe(2);
      tested.write((transaction) => transaction.removeFromChannel('main', [1, 2]));
      expect(tested.store.channels.get('main')?.root).toEqual(EMPTY_ROOT);
    });

    test('a fork has the same patches and log, and goes its own way', () => {
      writeLines(tested, 6);
      tested.write((transaction) => {
        transaction.addToChannel('main', [1, 2]);
        transaction.forkChannel('main', 'work');
        transaction.addToChannel('main', [3]);
        transaction.addToChannel('work', [4, 5]);
        transaction.forkChannel('work', 'deeper');
        transaction.addToChannel('deeper', [6]);
      });
      expect(tested.store.channels.list().map(({ name, size }) => [name, size])).toEqual([
        ['deeper', 5],
        ['main', 3],
        ['work', 4],
      ]);
      expect([...tested.store.channels.log('main')]).toEqual([3, 2, 1]);
      expect([...tested.store.channels.log('deeper')]).toEqual([6, 5, 4, 2, 1]);
      tested.write((transaction) => transaction.deleteChannel('work'));
      expect([...tested.store.channels.log('deeper')]).toEqual([6, 5, 4, 2, 1]);
      expect(tested.store.verify()).toEqual([]);
    });

    test('channels are made, renamed, switched to and deleted by name', () => {
      tested.write((transaction) => {
        transaction.createChannel('side work');
        transaction.renameChannel('main', 'trunk');
        transaction.switchChannel('side work');
      });
      expect(tested.store.channels.current()).toBe('side work');
      expect(tested.store.channels.list().map(({ name }) => name)).toEqual(['side work', 'trunk']);
      expect(() => tested.write((transaction) => transaction.deleteChannel('side work'))).toThrow(/current one/);
      expect(() => tested.write((transaction) => transaction.createChannel('trunk'))).toThrow(/already/);
      expect(() => tested.write((transaction) => transaction.switchChannel('nowhere'))).toThrow(/no channel "nowhere"/);
      for (const wrong of ['', ' a', 'a\n', 'x'.repeat(201)]) {
        expect(() => tested.write((transaction) => transaction.createChannel(wrong))).toThrow(/no name for a channel/);
      }
    });

    test('the audit log says what each command did, and the chain shows a line that was changed', () => {
      writeLines(tested, 3);
      tested.write((transaction) => transaction.addToChannel('main', [1, 2, 3]));
      tested.write((transaction) => transaction.removeFromChannel('main', [2]));
      const [last, before] = tested.store.audit.lines({ limit: 2 });
      expect(last).toMatchObject({
        n: 3,
        at: START_MS,
        op: 'test',
        args: { n: 1 },
        actor: 'Ada',
        channel: 'main',
        rootBefore: before?.rootAfter,
        rootAfter: tested.store.channels.get('main')?.root,
        changes: [{ kind: 'patches', channel: 'main', added: [], removed: [[2, 2]] }],
        previousHash: before?.hash,
      });
      expect(tested.store.audit.lines({ before: 2 }).map(({ n }) => n)).toEqual([1]);
      expect(tested.store.audit.verify()).toEqual({ kind: 'whole', lines: 3 });
    });

    test('what a line of the audit log did to channels can be taken back', () => {
      writeLines(tested, 4);
      tested.write((transaction) => transaction.addToChannel('main', [1, 2, 3]));
      const before = tested.store.channels.get('main');
      tested.write((transaction) => {
        transaction.removeFromChannel('main', [2]);
        transaction.addToChannel('main', [4]);
        transaction.forkChannel('main', 'work');
        transaction.renameChannel('main', 'trunk');
        transaction.switchChannel('work');
      });
      const line = tested.store.audit.line(3);
      tested.write((transaction) => {
        for (const change of [...(line?.changes ?? [])].reverse()) transaction.undo(change);
      });
      expect(tested.store.channels.current()).toBe('main');
      expect(tested.store.channels.list()).toEqual([{ name: 'main', size: 3, root: before?.root }]);
      tested.write((transaction) => transaction.removeFromChannel('main', [2]));
      expect(() =>
        tested.write((transaction) =>
          transaction.undo({ kind: 'patches', channel: 'main', added: [[2, 2]], removed: [] }),
        ),
      ).toThrow(/taken out since/);
    });

    test('a write that throws has done nothing', () => {
      writeLines(tested, 2);
      const lost = draftOf({ text: 'lost', author: 'Nobody' });
      const { hash } = lost.patch;
      expect(() =>
        tested.write((transaction) => {
          const { number } = transaction.addPatch(lost);
          transaction.addToChannel('main', [1, 2, number]);
          expect(tested.store.patches.rowOf(number)).toMatchObject({ hash, authors: lost.authors });
          expect(transaction.channel('main')?.set.size).toBe(3);
          transaction.createChannel('lost');
          throw new RangeError('stop');
        }),
      ).toThrow('stop');
      expect(tested.store.patches.has(hash)).toBe(false);
      expect(() => tested.store.patches.hashOf(3)).toThrow(/no patch/);
      expect(() => tested.store.patches.dependenciesOf(3)).toThrow(/no patch/);
      expect(tested.store.channels.list()).toHaveLength(1);
      expect(tested.store.channels.get('main')?.set.size).toBe(0);
      const next = draftOf({ text: 'next', author: 'Cy' });
      expect(tested.write((transaction) => transaction.addPatch(next))).toEqual({ kind: 'added', number: 3 });
      expect(tested.store.patches.patchBytes(3)).toEqual(next.patch);
      expect(tested.store.patches.rowOf(3).authors).toEqual(next.authors);
      expect(tested.store.audit.lines()).toHaveLength(2);
    });

    test('a channel is changed only by a write that says what it is, and writes are not inside of one another', () => {
      expect(() => tested.store.write(null, (transaction) => transaction.createChannel('x'))).toThrow(/audit log/);
      expect(() => tested.write(() => tested.store.write(null, () => 1))).toThrow(/inside another/);
      expect(tested.store.channels.list()).toHaveLength(1);
    });
  });
}

// What every store does with channels and the audit log, wherever the bytes lie and whoever looks.

import { describe, expect, test } from 'vitest';

import { EMPTY_ROOT, hashesUnder, rootOf, trieOf } from '../patches/state-root.ts';
import { benchOf, START_MS, writeLines, type Look } from './store.bench.ts';
import { draftOf } from './store.samples.ts';

export function describeChannels(name: string, look: Look): void {
  describe(name, () => {
    const bench = benchOf(look);

    test('a channel is its set, its root and its log', () => {
      const hashes = writeLines(bench, 6);
      bench.write((transaction) => transaction.addToChannel('main', [1, 2, 3, 5, 4]));
      const channel = bench.store.channels.get('main');
      expect([...(channel?.set ?? [])]).toEqual([1, 2, 3, 4, 5]);
      expect(channel?.root).toEqual(
        Uint8Array.from(
          rootOf(trieOf([1, 2, 3, 4, 5].map((number) => bench.store.patches.hashBytesOf(number).slice()))),
        ),
      );
      expect([...bench.store.channels.log('main')]).toEqual([4, 5, 3, 2, 1]);
      const trie = bench.store.channels.trieOf('main');
      expect(trie === undefined ? 0 : [...hashesUnder(trie)].length).toBe(5);
      expect(hashes).toHaveLength(6);
      expect(bench.store.channels.get('none')).toBeUndefined();
      expect(bench.store.channels.trieOf('none')).toBeUndefined();
    });

    test('taking patches out and putting them back is nothing, but for the log', () => {
      writeLines(bench, 5);
      bench.write((transaction) => transaction.addToChannel('main', [1, 2, 3, 4, 5]));
      const before = bench.store.channels.get('main');
      bench.write((transaction) => transaction.removeFromChannel('main', [2, 4]));
      expect([...bench.store.channels.log('main')]).toEqual([5, 3, 1]);
      bench.write((transaction) => transaction.addToChannel('main', [4, 2]));
      expect(bench.store.channels.get('main')?.root).toEqual(before?.root);
      expect([...bench.store.channels.log('main')]).toEqual([2, 4, 5, 3, 1]);
      expect(bench.store.verify()).toEqual([]);
    });

    test('a channel never has a patch without what it builds on', () => {
      const [first] = writeLines(bench, 1);
      const dependencies = first === undefined ? [] : [first];
      bench.write((transaction) => transaction.addPatch(draftOf({ text: 'second', dependencies })));
      expect(() => bench.write((transaction) => transaction.addToChannel('main', [2]))).toThrow(first);
      bench.write((transaction) => transaction.addToChannel('main', [2, 1]));
      expect(() => bench.write((transaction) => transaction.removeFromChannel('main', [1]))).toThrow(first);
      expect(bench.store.channels.get('main')?.set.size).toBe(2);
      bench.write((transaction) => transaction.removeFromChannel('main', [1, 2]));
      expect(bench.store.channels.get('main')?.root).toEqual(EMPTY_ROOT);
    });

    test('a fork has the same patches and log, and goes its own way', () => {
      writeLines(bench, 6);
      bench.write((transaction) => {
        transaction.addToChannel('main', [1, 2]);
        transaction.forkChannel('main', 'work');
        transaction.addToChannel('main', [3]);
        transaction.addToChannel('work', [4, 5]);
        transaction.forkChannel('work', 'deeper');
        transaction.addToChannel('deeper', [6]);
      });
      expect(bench.store.channels.list().map(({ name, size }) => [name, size])).toEqual([
        ['deeper', 5],
        ['main', 3],
        ['work', 4],
      ]);
      expect([...bench.store.channels.log('main')]).toEqual([3, 2, 1]);
      expect([...bench.store.channels.log('deeper')]).toEqual([6, 5, 4, 2, 1]);
      bench.write((transaction) => transaction.deleteChannel('work'));
      expect([...bench.store.channels.log('deeper')]).toEqual([6, 5, 4, 2, 1]);
      expect(bench.store.verify()).toEqual([]);
    });

    test('channels are made, renamed, switched to and deleted by name', () => {
      bench.write((transaction) => {
        transaction.createChannel('side work');
        transaction.renameChannel('main', 'trunk');
        transaction.switchChannel('side work');
      });
      expect(bench.store.channels.current()).toBe('side work');
      expect(bench.store.channels.list().map(({ name }) => name)).toEqual(['side work', 'trunk']);
      expect(() => bench.write((transaction) => transaction.deleteChannel('side work'))).toThrow(/current one/);
      expect(() => bench.write((transaction) => transaction.createChannel('trunk'))).toThrow(/already/);
      expect(() => bench.write((transaction) => transaction.switchChannel('nowhere'))).toThrow(/no channel "nowhere"/);
      for (const wrong of ['', ' a', 'a\n', 'x'.repeat(201)]) {
        expect(() => bench.write((transaction) => transaction.createChannel(wrong))).toThrow(/no name for a channel/);
      }
    });

    test('the audit log says what each command did, and the chain shows a line that was changed', () => {
      writeLines(bench, 3);
      bench.write((transaction) => transaction.addToChannel('main', [1, 2, 3]));
      bench.write((transaction) => transaction.removeFromChannel('main', [2]));
      const [last, before] = bench.store.audit.lines({ limit: 2 });
      expect(last).toMatchObject({
        n: 3,
        at: START_MS,
        op: 'test',
        args: { n: 1 },
        actor: 'Ada',
        channel: 'main',
        rootBefore: before?.rootAfter,
        rootAfter: bench.store.channels.get('main')?.root,
        changes: [{ kind: 'patches', channel: 'main', added: [], removed: [[2, 2]] }],
        previousHash: before?.hash,
      });
      expect(bench.store.audit.lines({ before: 2 }).map(({ n }) => n)).toEqual([1]);
      expect(bench.store.audit.verify()).toEqual({ kind: 'whole', lines: 3 });
    });

    test('what a line of the audit log did to channels can be taken back', () => {
      writeLines(bench, 4);
      bench.write((transaction) => transaction.addToChannel('main', [1, 2, 3]));
      const before = bench.store.channels.get('main');
      bench.write((transaction) => {
        transaction.removeFromChannel('main', [2]);
        transaction.addToChannel('main', [4]);
        transaction.forkChannel('main', 'work');
        transaction.renameChannel('main', 'trunk');
        transaction.switchChannel('work');
      });
      const line = bench.store.audit.line(3);
      bench.write((transaction) => {
        for (const change of [...(line?.changes ?? [])].reverse()) transaction.undo(change);
      });
      expect(bench.store.channels.current()).toBe('main');
      expect(bench.store.channels.list()).toEqual([{ name: 'main', size: 3, root: before?.root }]);
      bench.write((transaction) => transaction.removeFromChannel('main', [2]));
      expect(() =>
        bench.write((transaction) =>
          transaction.undo({ kind: 'patches', channel: 'main', added: [[2, 2]], removed: [] }),
        ),
      ).toThrow(/taken out since/);
    });

    test('a write that throws has done nothing', () => {
      writeLines(bench, 2);
      const lost = draftOf({ text: 'lost', author: 'Nobody' });
      const { hash } = lost.patch;
      expect(() =>
        bench.write((transaction) => {
          const { number } = transaction.addPatch(lost);
          transaction.addToChannel('main', [1, 2, number]);
          expect(bench.store.patches.rowOf(number)).toMatchObject({ hash, authors: lost.authors });
          expect(transaction.channel('main')?.set.size).toBe(3);
          transaction.createChannel('lost');
          throw new RangeError('stop');
        }),
      ).toThrow('stop');
      expect(bench.store.patches.has(hash)).toBe(false);
      expect(() => bench.store.patches.hashOf(3)).toThrow(/no patch/);
      expect(() => bench.store.patches.dependenciesOf(3)).toThrow(/no patch/);
      expect(bench.store.channels.list()).toHaveLength(1);
      expect(bench.store.channels.get('main')?.set.size).toBe(0);
      const next = draftOf({ text: 'next', author: 'Cy' });
      expect(bench.write((transaction) => transaction.addPatch(next))).toEqual({ kind: 'added', number: 3 });
      expect(bench.store.patches.patchBytes(3)).toEqual(next.patch);
      expect(bench.store.patches.rowOf(3).authors).toEqual(next.authors);
      expect(bench.store.audit.lines()).toHaveLength(2);
    });

    test('a channel is changed only by a write that says what it is, and writes are not inside of one another', () => {
      expect(() => bench.store.write(null, (transaction) => transaction.createChannel('x'))).toThrow(/audit log/);
      expect(() => bench.write(() => bench.store.write(null, () => 1))).toThrow(/inside another/);
      expect(bench.store.channels.list()).toHaveLength(1);
    });
  });
}

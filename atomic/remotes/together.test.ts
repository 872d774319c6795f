import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';

import type { Attribution } from '../attribution/attribution.ts';
import type { Peer } from './peer.ts';
import { PatchSet } from '../store/patch-set.ts';
import { decodeTags, encodeTags } from './tags.ts';
import { Side } from './side.samples.ts';
import { TRANSPORTS } from './transports.samples.ts';

test('two pushes at the same moment both land', async () => {
  using server = new Side('Server');
  server.edit('a.txt', '1\n2\n3\n4\n5\n');
  using ada = await server.clone('Ada');
  using bob = await server.clone('Bob');
  ada.edit('a.txt', 'ada\n2\n3\n4\n5\n');
  bob.edit('a.txt', '1\n2\n3\n4\nbob\n');
  await Promise.all([ada.push(server.peer()), bob.push(server.peer())]);
  expect(server.read('a.txt')).toBe('ada\n2\n3\n4\nbob\n');
  await ada.pull(server.peer());
  expect(ada.stateRoot()).toBe(server.stateRoot());
});

test('two pushes of the same new channel at the same moment both land in it', async () => {
  using server = new Side('Server');
  server.edit('a.txt', '1\n');
  using ada = await server.clone('Ada');
  using bob = await server.clone('Bob');
  for (const side of [ada, bob]) {
    side.repository.store.write({ op: 'channel fork', args: {}, actor: 'x' }, (transaction) => {
      transaction.forkChannel('main', 'idea');
      transaction.switchChannel('idea');
    });
    side.edit(`${side.name}.txt`, 'x\n');
  }
  await Promise.all([ada, bob].map((side) => side.push(server.peer(), { channel: 'idea' })));
  expect(server.repository.store.channels.get('idea')?.set.size).toBe(3);
});

test('a channel that is deleted over there between comparing and sending is made anew', async () => {
  using server = new Side('Server');
  server.edit('a.txt', '1\n');
  server.repository.store.write({ op: 'channel fork', args: {}, actor: 'x' }, (transaction) =>
    transaction.forkChannel('main', 'idea'),
  );
  using bob = await server.clone('Bob', server.peer(), { channel: 'idea' });
  bob.edit('b.txt', 'b\n');
  let requests = 0;
  const peer = server.peer();
  const disturbed: Peer = {
    ...peer,
    exchange(request) {
      requests += 1;
      if (requests === 2) {
        server.repository.store.write({ op: 'channel delete', args: {}, actor: 'x' }, (transaction) =>
          transaction.deleteChannel('idea'),
        );
      }
      return peer.exchange(request);
    },
  };
  expect(await bob.push(disturbed, { channel: 'idea' })).toMatchObject({ isNewChannel: true });
  expect(server.stateRoot('idea')).toBe(bob.stateRoot('idea'));
});

test('what somebody else pushes between comparing and fetching comes along or is left for the next pull', async () => {
  using server = new Side('Server');
  server.edit('a.txt', '1\n');
  using bob = await server.clone('Bob');
  server.edit('a.txt', '2\n');
  let requests = 0;
  const peer = server.peer();
  const disturbed: Peer = {
    ...peer,
    exchange(request) {
      requests += 1;
      if (requests === 2) server.edit('b.txt', 'in between\n');
      return peer.exchange(request);
    },
  };
  await bob.pull(disturbed);
  expect(bob.stateRoot()).toBe(server.stateRoot());
});

test('a partial clone has what touches a path and what that builds on, and what is recorded there goes back', async () => {
  using ada = new Side('Ada');
  ada.edit('src/a.txt', 'a\n');
  ada.edit('docs/b.txt', 'b\n');
  ada.edit('src/a.txt', 'a\na\n');
  ada.edit('docs/b.txt', 'b\nb\n');
  using bob = await ada.clone('Bob', ada.peer(), { path: 'src' });
  expect(bob.repository.store.patches.count).toBe(2);
  expect(Object.keys(bob.meaning())).toBeDefined();
  expect(bob.read('src/a.txt')).toBe('a\na\n');
  ada.edit('src/a.txt', 'a\na\nada\n');
  ada.edit('docs/b.txt', 'b\nb\nb\n');
  expect((await bob.pull(ada.peer(), { path: 'src' })).added).toHaveLength(1);
  bob.edit('src/c.txt', 'bob\n');
  expect(await bob.push(ada.peer(), { path: 'src' })).toMatchObject({ sent: [4], behind: 0 });
  expect(ada.read('src/c.txt')).toBe('bob\n');
  expect(ada.read('docs/b.txt')).toBe('b\nb\nb\n');
});

test('tags come with the patches that they are of, and one that is here under that name stays', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', '1\n');
  const tag = (name: string, message: string): void => {
    const channel = ada.repository.store.channels.get('main');
    if (channel === undefined) throw new Error('There is no channel.');
    const { set, root } = channel;
    ada.repository.store.write(null, (transaction) =>
      transaction.putTag({ name, set: set.clone(), root, at: ada.repository.clock.now(), message, signature: null }),
    );
  };
  tag('v1', 'first');
  ada.edit('a.txt', '2\n');
  tag('v2', '');
  using bob = await ada.clone('Bob');
  const shown = (side: Side): object =>
    side.repository.store.names
      .tags()
      .map(({ name, root, message, set }) => [name, Buffer.from(root).toString('hex'), message, set.size]);
  expect(shown(bob)).toEqual(shown(ada));
  ada.edit('a.txt', '3\n');
  tag('v1', 'moved');
  tag('v3', '');
  expect(await bob.pull(ada.peer())).toMatchObject({ tags: 1 });
  expect(bob.repository.store.names.tag('v1')?.message).toBe('first');
  const { store } = ada.repository;
  const all = store.channels.get('main')?.set ?? new PatchSet();
  const bytes = encodeTags(store, all, []);
  expect(decodeTags(store, all, bytes)).toHaveLength(3);
  // As whoever has other patches than the sender would read them.
  expect(() => decodeTags(store, PatchSet.of([1, 2]), bytes)).toThrow(
    expect.objectContaining({ code: 'ATOMIC_FRAME_MALFORMED' }),
  );
});

// --- three sides, in random order ------------------------------------------------------------------------------------

type Step =
  | {
      readonly kind: 'edit';
      readonly side: number;
      readonly line: number;
      readonly file: number;
      readonly isByAi: boolean;
    }
  | {
      readonly kind: 'pull' | 'push';
      readonly side: number;
      readonly other: number;
      readonly withAttribution: boolean;
      readonly transport: number;
    };

const side = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      side,
      line: fc.nat(4),
      file: fc.nat(1),
      isByAi: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('pull' as const, 'push' as const),
      side,
      other: side,
      withAttribution: fc.boolean(),
      transport: fc.nat(3),
    }),
  },
);

const HUMAN: Attribution = { actor: 'human', author: { kind: 'header', n: 0, key: null }, evidence: 'cli-flag' };
const names = ['Ada', 'Bob', 'Eve'];
const sides = new Set<Side>();
afterAll(() => {
  for (const each of sides) each[Symbol.dispose]();
});

/** Changes one line, or takes it away, or adds one; never the same twice. Conflicts that are there stay as they are. */
function edit(of: Side, { line, file, isByAi }: Step & { kind: 'edit' }, n: number): void {
  const path = `${file}.txt`;
  const { files } = of.meaning() as { files: Record<string, string> };
  const lines = (files[path] ?? 'a\nb\nc\nd\n').split('\n');
  const at = Math.min(line, lines.length - 1);
  if (lines.some((text) => /^(?:>{7}|<{7}|={7})/.test(text))) lines.unshift(`${of.name} ${n}`);
  else if (n % 3 === 0) lines.splice(at, 1);
  else lines.splice(at, n % 2, `${of.name} ${n}`);
  if (lines.join('\n') !== files[path]) of.edit(path, lines.join('\n'), isByAi ? { attribution: HUMAN } : {});
}

test('sides that exchange in any order, with and without attribution, come to the same roots, bytes and conflicts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 12 }), async (steps) => {
      const three = names.map((name) => new Side(name));
      for (const each of three) sides.add(each);
      const at = (index: number): Side => three[index] ?? new Side();
      const exchange = async (each: Step & { kind: 'pull' | 'push' }): Promise<void> => {
        const transport = TRANSPORTS[each.transport % TRANSPORTS.length];
        const peer = await transport?.reach(at(each.other));
        if (peer === undefined) return;
        const options = { withAttribution: each.withAttribution };
        await (each.kind === 'pull' ? at(each.side).pull(peer, options) : at(each.side).push(peer, options));
      };
      for (const [n, each] of steps.entries()) {
        if (each.kind === 'edit') edit(at(each.side), each, n);
        else if (each.side !== each.other) await exchange(each);
      }
      for (const [from, to] of [
        [0, 1],
        [1, 2],
        [2, 0],
        [2, 1],
      ] as const) {
        await exchange({ kind: 'pull', side: to, other: from, withAttribution: true, transport: 0 });
      }
      expect(new Set(three.map((each) => each.stateRoot())).size).toBe(1);
      expect(at(1).meaning()).toEqual(at(0).meaning());
      expect(at(2).meaning()).toEqual(at(0).meaning());
      await exchange({ kind: 'push', side: 0, other: 1, withAttribution: false, transport: 3 });
      expect(at(1).stateRoot()).toBe(at(0).stateRoot());
    }),
    { numRuns: 5 },
  );
});

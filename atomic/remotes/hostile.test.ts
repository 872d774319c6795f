import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { instant } from 'kernel/basics';

import { contentsHashOf, namePatch } from '../patches/encode-patch.ts';
import { hashFromBytes } from '../patches/hash.ts';
import type { Atom, Patch } from '../patches/patch.ts';
import type { StoredPatch } from '../store/store.ts';
import { answer } from './answer.ts';
import { cutPeer, lyingPeer } from './broken-peer.samples.ts';
import type { Entry } from './entries.ts';
import { framesIn } from './frames.ts';
import { decodeMessage, encodeMessage, type Message } from './messages.ts';
import { bundleMessages, messagesIn } from './messages-in.ts';
import { ask, noTraffic } from './peer.ts';
import { OPEN_POLICY } from './receive-policy.ts';
import { helloOf } from './reconcile.ts';
import { Side } from './side.samples.ts';

const HELLO = helloOf({ access: 'write', channel: 'main', path: null });
const PUSH = encodeMessage({ kind: 'push', channel: 'main', start: null, without: [], spooled: [] });

/** What a side answers to a push of these entries. */
async function pushed(side: Side, entries: readonly Entry[]): Promise<Message | undefined> {
  const peer = side.peer();
  try {
    const said: Message[] = [];
    for await (const message of ask(peer, [HELLO, PUSH, ...bundleMessages(entries, entries.length)], noTraffic()))
      said.push(message);
    return said.at(-1);
  } finally {
    await peer.close();
  }
}

function patchOf(part: Partial<Patch>, contents = Buffer.from('text\0')): StoredPatch {
  const { patch, hashed } = namePatch({
    header: { message: 'hostile', description: '', at: instant(0), zoneMinutes: 0, authors: [] },
    dependencies: [],
    known: [],
    atoms: [],
    contentsHash: contentsHashOf(contents),
    contentsLength: contents.length,
    attributionCommitment: null,
    ...part,
  });
  return { hash: patch.hash, hashed, contents, attribution: null, signatures: [] };
}

const file = (name: string): readonly Atom[] => [
  { kind: 'add-file', n: 0, fileKind: 'text' },
  { kind: 'locate', inode: { of: 0, n: 0 }, at: { parent: null, name }, supersedes: [] },
  { kind: 'insert', inode: { of: 0, n: 0 }, start: 0, end: 4, up: [], down: [], replaces: [], origins: [] },
];
const ABSENT = hashFromBytes(new Uint8Array(32).fill(5));

test('patches that say what cannot be true are refused by name, and nothing of their push is applied', async () => {
  using side = new Side('Server');
  const known = side.edit('a.txt', 'one\ntwo\n');
  const before = [side.stateRoot(), side.repository.store.patches.count];
  const position = { of: 1, offset: 4000 };
  const into = (atom: object): readonly Atom[] => [
    { kind: 'insert', inode: { of: 1, n: 0 }, start: 0, end: 4, up: [], down: [], replaces: [], origins: [], ...atom },
  ];
  const hostile: Readonly<Record<string, StoredPatch>> = {
    'a path out of the folder': patchOf({ atoms: file('../../etc/passwd') }),
    'a name that is a path': patchOf({ atoms: file('a/b') }),
    'the parent folder': patchOf({ atoms: file('..') }),
    'our own folder': patchOf({ atoms: file('.ATOMIC') }),
    "git's folder": patchOf({ atoms: file('.git') }),
    'a name with a zero': patchOf({ atoms: file('a\0b') }),
    'a patch that is not here': patchOf({ dependencies: [ABSENT] }),
    'a context that is not there': patchOf({ dependencies: [known], atoms: into({ up: [position] }) }),
    'a file that nobody added': patchOf({ dependencies: [known], atoms: into({ inode: { of: 1, n: 7 } }) }),
    'its own text as context': patchOf({
      atoms: [...file('b.txt').slice(0, 2), ...into({ inode: { of: 0, n: 0 }, up: [{ of: 0, offset: 1 }] })],
    }),
    'text that it does not have': patchOf({ dependencies: [known], atoms: into({ end: 4000 }) }),
    'a time that is no time': patchOf({
      header: { message: '', description: '', at: instant(3e14), zoneMinutes: 0, authors: [] },
    }),
    'other text than its own': { ...patchOf({ atoms: file('b.txt') }), contents: Buffer.from('evil\0') },
    'bytes that are no patch': { ...patchOf({}), hashed: Buffer.from('no patch') },
  };
  const good: Entry = { kind: 'patch', patch: patchOf({ atoms: file('good.txt') }) };
  for (const [what, patch] of Object.entries(hostile)) {
    await expect(pushed(side, [good, { kind: 'patch', patch }]), what).rejects.toMatchObject({
      code: 'ATOMIC_PATCH_REFUSED',
    });
    expect([side.stateRoot(), side.repository.store.patches.count], what).toEqual(before);
  }
  expect(existsSync(join(side.root, 'good.txt'))).toBe(false);
  expect(await pushed(side, [good])).toMatchObject({ kind: 'ack', outcome: 'done', added: 1 });
  expect(side.read('good.txt')).toBe('text');
});

test('a patch from a clock that is years ahead or behind means the same as any other', async () => {
  using side = new Side('Server');
  const at = (ms: number, name: string): Entry => ({
    kind: 'patch',
    patch: patchOf({
      header: { message: name, description: '', at: instant(ms), zoneMinutes: 0, authors: [] },
      atoms: file(name),
    }),
  });
  expect(await pushed(side, [at(Date.UTC(2200, 0), 'late.txt'), at(-1e12, 'early.txt')])).toMatchObject({ added: 2 });
  using bob = await side.clone('Bob');
  expect(bob.meaning()).toEqual(side.meaning());
});

test('requests of nothing in particular get a fault and an end, and change nothing', async () => {
  using side = new Side('Server');
  side.edit('a.txt', 'one\n');
  const before = side.stateRoot();
  const host = { repository: side.repository, name: 'x', access: 'write', who: 'fuzz', policy: OPEN_POLICY } as const;
  const kinds: readonly Uint8Array[] = [
    HELLO,
    PUSH,
    helloOf({ access: 'read', channel: 'nowhere', path: null }),
    encodeMessage({ kind: 'hello', protocol: 2, capabilities: [], access: 'read', channel: null, path: null }),
    encodeMessage({
      kind: 'walk',
      trie: 'statements',
      places: [{ path: Uint8Array.of(3), short: '0123456789abcdef' }],
    }),
    encodeMessage({
      kind: 'want',
      patches: ['0123456789abcdef'],
      withAttribution: true,
      attributions: [],
      statements: [],
    }),
    encodeMessage({ kind: 'bundle', patches: 1e9 }),
    encodeMessage({ kind: 'block', payload: Uint8Array.of(0, 1, 1, 40, 181, 47, 253) }),
    encodeMessage({ kind: 'want-tags', known: [] }),
    encodeMessage({ kind: 'end' }),
    Uint8Array.of(0, 0, 0, 1, 3, 255),
    Uint8Array.of(255, 255, 255, 255, 1),
    Uint8Array.of(0, 0),
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(kinds.length - 1), { maxLength: 6 }), async (picks) => {
      const request = picks.map((pick) => kinds[pick] ?? new Uint8Array());
      const said: Message[] = [];
      for await (const message of messagesIn(framesIn(answer(host, framesIn(chunksOf(request)))))) said.push(message);
      for (const message of said) {
        if (message.kind === 'fault') expect(message.fault.code).not.toBe('ATOMIC_REMOTE_FAILED');
      }
      expect(side.stateRoot()).toBe(before);
    }),
    { numRuns: 120 },
  );
});

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

test('another version of the exchange is told before anything else is read', async () => {
  using side = new Side('Server');
  const peer = side.peer();
  const hello = encodeMessage({
    kind: 'hello',
    protocol: 7,
    capabilities: ['trie'],
    access: 'read',
    channel: null,
    path: null,
  });
  await expect(ask(peer, [hello], noTraffic()).next()).rejects.toMatchObject({ code: 'ATOMIC_PROTOCOL_UNKNOWN' });
  await peer.close();
  using bob = new Side('Bob');
  const newer = lyingPeer(side.peer(), (said) => (said.kind === 'welcome' ? { ...said, protocol: 2 } : said));
  await expect(bob.pull(newer)).rejects.toMatchObject({ code: 'ATOMIC_PROTOCOL_UNKNOWN' });
});

test('a side that lies about its root, or sends other patches than it has, is found out and nothing is applied', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  using bob = await ada.clone('Bob');
  ada.edit('a.txt', 'one\ntwo\n');
  ada.edit('b.txt', 'b\n');
  const before = bob.stateRoot();
  const root = new Uint8Array(32).fill(9);
  const lies: Readonly<Record<string, (said: Message) => Message | null>> = {
    'another root': (said) =>
      said.kind === 'welcome' && said.channel !== null ? { ...said, channel: { ...said.channel, root } } : said,
    'no patches': (said) => (said.kind === 'block' ? null : said),
    'other patches': (said) => (said.kind === 'block' ? blockOf(patchOf({ atoms: file('evil.txt') })) : said),
    'patches beside': (said) =>
      said.kind === 'nodes' && said.trie === 'patches' ? { ...said, answer: { kind: 'same' } } : said,
  };
  for (const [what, lie] of Object.entries(lies)) {
    const code = what === 'no patches' ? 'ATOMIC_REMOTE_FELL_SHORT' : expect.stringMatching(/^ATOMIC_/);
    await expect(bob.pull(lyingPeer(ada.peer(), lie)), what).rejects.toMatchObject({ code });
    expect(bob.stateRoot(), what).toBe(before);
  }
  await expect(ada.clone('Eve', lyingPeer(ada.peer(), lies['another root'] ?? ((said) => said)))).rejects.toMatchObject(
    { code: 'ATOMIC_REMOTE_ROOT_WRONG' },
  );
  await bob.pull(ada.peer());
  expect(bob.stateRoot()).toBe(ada.stateRoot());
});

function blockOf(patch: StoredPatch): Message {
  const [, block = new Uint8Array()] = bundleMessages([{ kind: 'patch', patch }], 1);
  return decodeMessage({ type: block[4] ?? 0, payload: block.subarray(5) });
}

test('a side that says it took a push and did not is found out', async () => {
  using ada = new Side('Ada');
  ada.edit('a.txt', 'one\n');
  using bob = await ada.clone('Bob');
  bob.edit('a.txt', 'two\n');
  const honest = ada.peer();
  const ack = encodeMessage({ kind: 'ack', outcome: 'done', root: new Uint8Array(32), size: 2, added: 1, attached: 0 });
  const liar = {
    ...honest,
    async *exchange(request: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      let pushes = false;
      for await (const chunk of honest.exchange(withoutPush(request, () => (pushes = true)))) {
        if (pushes && decodeMessage({ type: chunk[4] ?? 0, payload: chunk.subarray(5) }).kind === 'end') yield ack;
        yield chunk;
      }
    },
  };
  await expect(bob.push(liar)).rejects.toMatchObject({ code: 'ATOMIC_REMOTE_ROOT_WRONG' });
  expect(ada.repository.store.patches.count).toBe(1);
});

/** The request as it is, but for what would change anything. */
async function* withoutPush(request: AsyncIterable<Uint8Array>, seen: () => void): AsyncGenerator<Uint8Array> {
  for await (const frame of framesIn(request)) {
    const message = decodeMessage(frame);
    if (message.kind === 'push') seen();
    else if (message.kind !== 'bundle' && message.kind !== 'block') yield encodeMessage(message);
  }
}

test('a patch that lies about with other text than its own, from a push that was cut off, hinders no better one', async () => {
  using side = new Side('Server');
  const good = patchOf({ atoms: file('good.txt') });
  const peer = side.peer();
  const bundle = [...bundleMessages([{ kind: 'patch', patch: { ...good, contents: Buffer.from('evil\0') } }], 1)];
  const cut = cutPeer(peer, { sent: Buffer.concat([HELLO, PUSH, ...bundle]).length });
  await expect(drained(ask(cut, [HELLO, PUSH, ...bundle], noTraffic()))).rejects.toMatchObject({
    code: 'ATOMIC_TRANSFER_CUT',
  });
  await peer.close();
  using bob = new Side('Bob');
  await pushed(bob, [{ kind: 'patch', patch: good }]);
  expect(await bob.push(side.peer())).toMatchObject({ resumed: 0, sent: [1] });
  expect(side.read('good.txt')).toBe('text');
});

async function drained(messages: AsyncIterable<Message>): Promise<void> {
  for await (const _ of messages);
}

test('a channel that changes while it is compared is compared anew', async () => {
  using server = new Side('Server');
  const named = (n: number): Entry => ({ kind: 'patch', patch: patchOf({ atoms: file(`${n}.txt`) }) });
  await pushed(
    server,
    Array.from({ length: 600 }, (_, n) => named(n)),
  );
  using bob = new Side('Bob');
  await bob.pull(server.peer(), { bringsFiles: false });
  await pushed(server, [named(600)]);
  let welcomes = 0;
  const disturbed = lyingPeer(server.peer(), (said) => {
    if (said.kind !== 'welcome' || said.channel === null) return said;
    welcomes += 1;
    return welcomes === 2 ? { ...said, channel: { ...said.channel, root: new Uint8Array(32) } } : said;
  });
  const { traffic, added } = await bob.pull(disturbed, { bringsFiles: false });
  expect([traffic.roundTrips, added.length]).toEqual([5, 1]);
});

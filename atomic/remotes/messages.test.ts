import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Fault } from 'kernel/basics';

import { HASH_BYTES } from '../patches/hash.ts';
import { remoteReadOnly } from './faults.ts';
import { encodeFrame, framesIn, FRAME_BYTES_MAX, type Frame } from './frames.ts';
import { NODE_FAN_OUT, type NodeAnswer } from './message-parts.ts';
import { decodeMessage, encodeMessage, type Message } from './messages.ts';
import { SHORT_BYTES, type Short } from './shorts.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: length, maxLength: length });
const short: fc.Arbitrary<Short> = bytes(SHORT_BYTES).map((each) => Buffer.from(each).toString('latin1'));
const shorts = fc.uniqueArray(short, { maxLength: 4 }).map((list) => list.sort());
const text = fc.string({ unit: 'binary', maxLength: 20 });
const texts = fc.uniqueArray(text, { maxLength: 4 }).map((list) => list.sort());
const count = fc.nat(2 ** 40);
const root = bytes(HASH_BYTES);
const channel = fc.record({ name: text, root, size: count });
const trie = fc.constantFrom('patches' as const, 'statements' as const);
const path = fc.array(fc.nat(15), { maxLength: 8 }).map((nibbles) => Uint8Array.from(nibbles));
const answer: fc.Arbitrary<NodeAnswer> = fc.oneof(
  fc.constant({ kind: 'same' as const }),
  fc.record({ kind: fc.constant('list' as const), shorts }),
  fc.record({
    kind: fc.constant('branch' as const),
    digests: fc.array(fc.option(short), { minLength: NODE_FAN_OUT, maxLength: NODE_FAN_OUT, size: 'max' }),
  }),
);
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    kind: fc.constant('hello' as const),
    protocol: count,
    capabilities: texts,
    access: fc.constantFrom('read' as const, 'write' as const),
    channel: fc.option(text),
    path: fc.option(text),
  }),
  fc.record({
    kind: fc.constant('welcome' as const),
    protocol: count,
    capabilities: texts,
    current: text,
    channel: fc.option(channel),
    channels: fc.array(channel, { maxLength: 3 }),
  }),
  fc.record({
    kind: fc.constant('walk' as const),
    trie,
    places: fc.array(fc.record({ path, short }), { maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('nodes' as const), trie, path, answer }),
  fc.record({ kind: fc.constant('awaits' as const), spooled: shorts, attributions: shorts }),
  fc.record({
    kind: fc.constant('want' as const),
    patches: fc.oneof(fc.constant('all' as const), shorts),
    withAttribution: fc.boolean(),
    attributions: shorts,
    statements: shorts,
  }),
  fc.record({ kind: fc.constant('bundle' as const), patches: count }),
  fc.record({ kind: fc.constant('block' as const), payload: fc.uint8Array({ maxLength: 40 }) }),
  fc.record({
    kind: fc.constant('push' as const),
    channel: text,
    start: fc.option(root),
    without: shorts,
    spooled: shorts,
  }),
  fc.record({
    kind: fc.constant('ack' as const),
    outcome: fc.constantFrom('done' as const, 'moved' as const),
    root,
    size: count,
    added: count,
    attached: count,
  }),
  fc.record({ kind: fc.constant('want-tags' as const), known: texts }),
  fc.record({ kind: fc.constant('tags' as const), bytes: fc.uint8Array({ maxLength: 40 }) }),
  fc.constant({ kind: 'end' as const }),
);

const frameOf = (encoded: Uint8Array): Frame => ({ type: encoded[4] ?? 0, payload: encoded.subarray(5) });

test('a message has one form: what is written is read, and what is read is written so again', () => {
  fc.assert(
    fc.property(message, (each) => {
      const encoded = encodeMessage(each);
      const decoded = decodeMessage(frameOf(encoded));
      expect(decoded).toEqual(each);
      expect(Buffer.compare(encodeMessage(decoded), encoded)).toBe(0);
    }),
    { numRuns: 300 },
  );
});

test('bytes that are changed anywhere are another message or a fault, never anything else', () => {
  const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }), cut: fc.nat(3) });
  fc.assert(
    fc.property(message, change, (each, { at, by, cut }) => {
      const encoded = encodeMessage(each);
      const damaged = Uint8Array.from(encoded.subarray(0, Math.max(5, encoded.length - cut)));
      const place = 4 + (at % (damaged.length - 4));
      damaged[place] = ((damaged[place] ?? 0) + by) % 256;
      const decoded = outcomeOf(() => decodeMessage(frameOf(damaged)));
      if (decoded instanceof Fault) expect(decoded.code).toBe('ATOMIC_FRAME_MALFORMED');
      else if (decoded.kind !== 'fault' && decoded.kind !== 'end') {
        expect(Buffer.compare(encodeMessage(decoded).subarray(5), damaged.subarray(5))).toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('bytes of nothing in particular are a fault or a message', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.uint8Array({ maxLength: 60 }), (type, payload) => {
      const decoded = outcomeOf(() => decodeMessage({ type, payload }));
      if (decoded instanceof Fault) expect(decoded.code).toBe('ATOMIC_FRAME_MALFORMED');
    }),
    { numRuns: 1000 },
  );
});

function outcomeOf(work: () => Message): Message | Fault {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof Fault) return thrown;
    throw thrown;
  }
}

test('frames come out however the bytes are cut, and a cut inside of one is told', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 5 }), fc.array(fc.nat(200)), async (list, cuts) => {
      const whole = Buffer.concat(list.map(encodeMessage));
      const places = [...new Set([0, ...cuts.map((cut) => cut % whole.length), whole.length])].sort((a, b) => a - b);
      const chunks = places.slice(1).map((to, at) => whole.subarray(places[at], to));
      const found: Message[] = [];
      for await (const frame of framesIn(streamOf(chunks))) found.push(decodeMessage(frame));
      expect(found.map(({ kind }) => kind)).toEqual(list.map(({ kind }) => kind));
      expect(Buffer.concat(found.map(encodeMessage)).equals(whole)).toBe(true);
      await expect(drained(framesIn(streamOf([whole.subarray(0, whole.length - 1)])))).rejects.toMatchObject({
        code: 'ATOMIC_TRANSFER_CUT',
      });
    }),
    { numRuns: 40 },
  );
});

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

async function drained(frames: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of frames);
}

test('a frame that claims more than a frame may have is refused before anything is kept for it', async () => {
  const head = Buffer.from([0, 0, 0, 0, 8]);
  head.writeUInt32BE(FRAME_BYTES_MAX + 1);
  await expect(drained(framesIn(streamOf([head])))).rejects.toMatchObject({ code: 'ATOMIC_FRAME_MALFORMED' });
  expect(() => encodeFrame({ type: 8, payload: new Uint8Array(FRAME_BYTES_MAX + 1) })).toThrow(Fault);
});

test('a fault goes over the wire with its words, without what would move a cursor or pass for another program', () => {
  const told = decodeMessage(frameOf(encodeMessage({ kind: 'fault', fault: remoteReadOnly('x\u001b[2Jy') })));
  if (told.kind !== 'fault') throw new Error('It is no fault.');
  expect(told.fault).toMatchObject({ code: 'ATOMIC_REMOTE_READ_ONLY', about: { kind: 'not-allowed' } });
  expect(told.fault.what).toBe('Nothing was pushed to x [2Jy.');
  const odd = new Fault('rm -rf', { what: 'a', why: 'b'.repeat(10_000), next: '\ud800' });
  const other = decodeMessage(frameOf(encodeMessage({ kind: 'fault', fault: odd })));
  expect(other).toMatchObject({ fault: { code: 'ATOMIC_REMOTE_FAILED' } });
});

const ROOT = new Uint8Array(32).fill(7);

/** Made once, by hand or by the first version. They never change. */
const GOLDEN: readonly (readonly [Message, string])[] = [
  [
    { kind: 'hello', protocol: 1, capabilities: ['attribution', 'trie'], access: 'write', channel: 'main', path: null },
    '0000001b0101020b6174747269627574696f6e047472696501010 46d61696e00'.replaceAll(' ', ''),
  ],
  [{ kind: 'want', patches: 'all', withAttribution: true, attributions: [], statements: [] }, '000000040603000000'],
  [{ kind: 'bundle', patches: 300 }, '0000000207ac02'],
  [
    { kind: 'walk', trie: 'patches', places: [{ path: Uint8Array.of(1, 15), short: 'abcdefghijklmnop' }] },
    '000000150300 01 02010f 6162636465666768696a6b6c6d6e6f70'.replaceAll(' ', ''),
  ],
  [{ kind: 'block', payload: Uint8Array.of(1, 2, 3) }, '0000000308010203'],
  [{ kind: 'end' }, '000000000c'],
  [
    {
      kind: 'welcome',
      protocol: 1,
      capabilities: [],
      current: 'm',
      channel: { name: 'm', root: ROOT, size: 2 },
      channels: [],
    },
    `000000290201 00 016d 01 016d ${'07'.repeat(32)} 02 00`.replaceAll(' ', ''),
  ],
  [
    {
      kind: 'nodes',
      trie: 'statements',
      path: Uint8Array.of(2),
      answer: { kind: 'list', shorts: ['abcdefghijklmnop'] },
    },
    '000000150401 0102 01 10 6162636465666768696a6b6c6d6e6f70'.replaceAll(' ', ''),
  ],
  [{ kind: 'awaits', spooled: [], attributions: [] }, '00000002050000'],
  [
    { kind: 'push', channel: 'm', start: ROOT, without: [], spooled: [] },
    `0000002509 016d 20 ${'07'.repeat(32)} 00 00`.replaceAll(' ', ''),
  ],
  [
    { kind: 'ack', outcome: 'moved', root: ROOT, size: 1, added: 2, attached: 3 },
    `000000240a 01 ${'07'.repeat(32)} 010203`.replaceAll(' ', ''),
  ],
];

test('the bytes of messages never change', () => {
  for (const [each, hex] of GOLDEN) expect(Buffer.from(encodeMessage(each)).toString('hex')).toBe(hex);
});

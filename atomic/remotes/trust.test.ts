import { expect, test } from 'vitest';

import { instant } from 'kernel/basics';

import type { Attribution } from '../attribution/attribution.ts';
import { encodeAttribution } from '../attribution/encode-attribution.ts';
import { promptHash } from '../attribution/prompts.ts';
import { signReview } from '../attribution/reviews.ts';
import { keyPairFromSeed, signPatch, type KeyPair } from '../attribution/signatures.ts';
import { HASH_BYTES, hashToBytes, type PatchHash } from '../patches/hash.ts';
import { CAPABILITIES, type Capability } from './capabilities.ts';
import { awaitedAttributions } from './awaited-attributions.ts';
import { encodeMessage } from './messages.ts';
import { bundleMessages } from './messages-in.ts';
import { ask, noTraffic } from './peer.ts';
import { helloOf } from './reconcile.ts';
import { policyWith, Side } from './side.samples.ts';
import { Secret } from 'kernel/basics';

const BY_AI: Attribution = {
  actor: 'ai',
  author: { kind: 'header', n: 0, key: null },
  source: {
    evidence: 'cli-flag',
    model: {
      kind: 'known',
      provider: 'anthropic',
      model: 'claude-sonnet-4-5',
      version: null,
      temperatureMilli: null,
      maxTokens: null,
    },
    agent: null,
  },
  suggestion: 'complete',
  confidence: null,
  acceptance: null,
  reviewMs: null,
  prompt: null,
  tokens: null,
  cost: null,
  hunks: [],
};
const pair = (n: number): KeyPair => keyPairFromSeed(new Uint8Array(32).fill(n));
const without = (...gone: readonly Capability[]): readonly Capability[] =>
  CAPABILITIES.filter((each) => !gone.includes(each));
const labels = (side: Side, hash: PatchHash): string | undefined => {
  const number = side.repository.store.patches.numberOf(hash);
  return number === undefined ? undefined : (side.repository.store.attributions.labelsOf(number)?.model ?? undefined);
};

test('attribution goes along, or is left out; the patch has the same name either way', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n', { attribution: BY_AI });
  using bob = await ada.clone('Bob');
  using eve = await ada.clone('Eve', ada.peer(), { withAttribution: false });
  expect(labels(bob, hash)).toBe('claude-sonnet-4-5');
  expect(labels(eve, hash)).toBeUndefined();
  expect(eve.stateRoot()).toBe(bob.stateRoot());
  expect(awaitedAttributions(eve.repository.store)).toEqual([hash]);
});

test('attribution that was left out follows at the next exchange that takes it, by a pull and by a push', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n', { attribution: BY_AI });
  using eve = await ada.clone('Eve', ada.peer(), { withAttribution: false });
  expect(await eve.pull(ada.peer(), { withAttribution: false })).toMatchObject({ attached: 0 });
  expect(await eve.pull(ada.peer())).toMatchObject({ attached: 1, added: [] });
  expect(labels(eve, hash)).toBe('claude-sonnet-4-5');
  expect(awaitedAttributions(eve.repository.store)).toEqual([]);
  using server = await ada.clone('Server', ada.peer(), { withAttribution: false });
  expect(await ada.push(server.peer())).toMatchObject({ attached: 1, sent: [] });
  expect(labels(server, hash)).toBe('claude-sonnet-4-5');
});

test('a side that knows no attribution gets the patches without it, and that is said', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n', { attribution: BY_AI });
  const capabilities = without('attribution', 'reviews');
  using bob = await ada.clone('Bob', ada.peer({ capabilities }));
  expect(bob.cloned.isWithoutAttribution).toBe(true);
  expect(labels(bob, hash)).toBeUndefined();
  using old = new Side('Old');
  expect(await ada.push(old.peer({ capabilities }))).toMatchObject({ isWithoutAttribution: true, sent: [1] });
  expect(old.stateRoot()).toBe(ada.stateRoot());
  ada.edit('b.txt', 'b\n');
  await expect(ada.push(old.peer({ capabilities }), { fallsBack: false })).rejects.toMatchObject({
    code: 'ATOMIC_ATTRIBUTION_UNSUPPORTED',
  });
});

test('a side that works no commitment out gets it, and both ways lead to the same patch', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n', { attribution: BY_AI });
  for (let line = 0; line < 10; line += 1)
    ada.edit('a.txt', `${line}\n`, { attribution: { ...BY_AI, suggestion: null, reviewMs: line } });
  const capabilities = without('commitment-skip');
  using bob = await ada.clone('Bob', ada.peer({ capabilities }));
  using eve = await ada.clone('Eve', ada.peer());
  expect([labels(bob, hash), labels(eve, hash)]).toEqual(['claude-sonnet-4-5', 'claude-sonnet-4-5']);
  expect([bob.stateRoot(), eve.stateRoot()]).toEqual([ada.stateRoot(), ada.stateRoot()]);
  expect(bob.cloned.traffic.received - eve.cloned.traffic.received).toBeGreaterThan(10 * HASH_BYTES);
  using old = new Side('Old');
  expect(await ada.push(old.peer({ capabilities }))).toMatchObject({ isWithoutAttribution: false });
  expect(labels(old, hash)).toBe('claude-sonnet-4-5');
});

test('an attribution that a patch was not recorded with is refused and named, with the patch and later', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n', { attribution: BY_AI });
  const stored = ada.repository.store.patches.patchBytes(1);
  const forged = { salt: new Uint8Array(16), blob: encodeAttribution({ ...BY_AI, actor: 'mixed' }) };
  using bob = new Side('Bob');
  const push = encodeMessage({ kind: 'push', channel: 'main', start: null, without: [], spooled: [] });
  const hello = helloOf({ access: 'write', channel: 'main', path: null });
  const sent = async (side: Side, entries: Parameters<typeof bundleMessages>[0]): Promise<unknown> => {
    const peer = side.peer();
    const said: unknown[] = [];
    for await (const message of ask(peer, [hello, push, ...bundleMessages(entries, 1)], noTraffic()))
      said.push(message);
    await peer.close();
    return said.at(-1);
  };
  await expect(sent(bob, [{ kind: 'patch', patch: { ...stored, attribution: forged } }])).rejects.toMatchObject({
    code: 'ATOMIC_PATCH_REFUSED',
    what: expect.stringContaining(hash),
    why: expect.stringContaining('attribution'),
  });
  expect(bob.repository.store.patches.count).toBe(0);
  await sent(bob, [{ kind: 'patch', patch: { ...stored, attribution: null } }]);
  await expect(sent(bob, [{ kind: 'attribution', patch: hash, attribution: forged }])).rejects.toMatchObject({
    code: 'ATOMIC_ATTRIBUTION_MISMATCH',
    what: expect.stringContaining(hash),
  });
  expect(
    await sent(bob, [{ kind: 'attribution', patch: hash, attribution: stored.attribution ?? forged }]),
  ).toMatchObject({ attached: 1 });
});

test('signatures and reviews travel however late they were made, and only those that verify', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n', { key: pair(1) });
  using bob = await ada.clone('Bob');
  expect(bob.repository.store.patches.signaturesOf(1)).toHaveLength(1);
  const late = pair(2);
  const { patch, reviewer, ...review } = signReview(late, {
    patch: hash,
    verdict: 'accept',
    ms: 1000,
    linesShown: 3,
    at: instant(5000),
  });
  expect(reviewer).toBe(late.key.id);
  ada.repository.store.write(null, (transaction) => {
    transaction.addSignature(1, { key: late.key.bytes, signature: signPatch(late.secret, patch) });
    transaction.putReview({ ...review, patch: 1, reviewer: late.key.bytes, durationMs: review.ms });
  });
  expect(await bob.pull(ada.peer())).toMatchObject({ reviews: 1, added: [] });
  expect(bob.repository.store.patches.signaturesOf(1)).toHaveLength(2);
  expect(bob.repository.store.attributions.reviewsOf(1)).toEqual(ada.repository.store.attributions.reviewsOf(1));
  expect(await bob.pull(ada.peer())).toMatchObject({ reviews: 0, traffic: { roundTrips: 2 } });
  // The other way, from one who forged one.
  using eve = await ada.clone('Eve');
  const forger = pair(3).key.bytes;
  eve.repository.store.write(null, (transaction) =>
    transaction.putReview({ ...review, patch: 1, reviewer: forger, durationMs: review.ms }),
  );
  await expect(eve.push(ada.peer())).rejects.toMatchObject({ what: expect.stringContaining(hash) });
  expect(ada.repository.store.attributions.reviewsOf(1)).toHaveLength(1);
});

test('a policy refuses unsigned and untrusted patches by name, and applies nothing of the push', async () => {
  using server = new Side('Server');
  using ada = await server.clone('Ada');
  ada.edit('a.txt', 'one\n', { key: pair(1) });
  const unsigned = ada.edit('b.txt', 'b\n');
  const refused = { code: 'ATOMIC_PUSH_REFUSED', what: expect.stringContaining(unsigned) };
  await expect(ada.push(server.peer({ policy: policyWith({ signatures: 'signed' }) }))).rejects.toMatchObject(refused);
  const trusting = policyWith({ signatures: 'trusted', trusted: [pair(9).key] });
  await expect(ada.push(server.peer({ policy: trusting }))).rejects.toMatchObject({ code: 'ATOMIC_PUSH_REFUSED' });
  expect(server.repository.store.patches.count).toBe(0);
  await expect(server.pull(ada.peer(), { policy: policyWith({ signatures: 'signed' }) })).rejects.toMatchObject(
    refused,
  );
  expect(server.repository.store.patches.count).toBe(0);
});

test('a signature that does not fit is refused under every policy', async () => {
  using ada = new Side('Ada');
  const hash = ada.edit('a.txt', 'one\n');
  ada.repository.store.write(null, (transaction) =>
    transaction.addSignature(1, { key: pair(1).key.bytes, signature: new Uint8Array(64) }),
  );
  await expect(ada.clone('Bob')).rejects.toMatchObject({
    code: 'ATOMIC_PUSH_REFUSED',
    what: expect.stringContaining(hash),
  });
});

test('a policy wants attribution, keeps channels to itself, and refuses prompts with secrets', async () => {
  using server = new Side('Server');
  using ada = await server.clone('Ada');
  const key = new Secret('k'.repeat(43));
  const prompt = 'Log in with sk-abcdefghijklmnopqrstuvwx and mend it';
  const reference = { hash: promptHash(key, prompt), level: 'full' as const, place: null };
  const hash = ada.edit('a.txt', 'one\n', { attribution: { ...BY_AI, prompt: reference } });
  ada.repository.store.write(null, (transaction) => {
    const promptName = ada.repository.store.attributions.labelsOf(1)?.promptHash ?? new Uint8Array();
    transaction.putPrompt({ hash: promptName, level: 'full', body: Buffer.from(prompt) });
  });
  const push = (policy: Parameters<typeof policyWith>[0], withAttribution = true): Promise<unknown> =>
    ada.push(server.peer({ policy: policyWith(policy) }), { withAttribution });
  await expect(push({ attribution: 'required' }, false)).rejects.toMatchObject({ what: expect.stringContaining(hash) });
  await expect(push({ protectedChannels: ['main'] })).rejects.toMatchObject({
    what: expect.stringContaining('channel main'),
  });
  const refusal = {
    code: 'ATOMIC_PUSH_REFUSED',
    what: expect.stringContaining(hash),
    why: expect.stringMatching(/api-key/),
  };
  await expect(push({ promptSecrets: 'refuse' })).rejects.toMatchObject(refusal);
  await expect(push({ promptSecrets: 'refuse' })).rejects.not.toMatchObject({ why: expect.stringContaining('sk-abc') });
  expect(server.repository.store.patches.count).toBe(0);
  await push({ attribution: 'required' });
  expect(server.repository.store.attributions.prompts()).toHaveLength(1);
  expect(hashToBytes(hash)).toHaveLength(32);
});

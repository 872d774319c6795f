import { afterEach, expect, test } from 'vitest';

import { Secret } from 'kernel/basics';

import { startLoopbackRegistry, type LoopbackRegistry } from '../../../tests/loopback-registry/index.ts';
import { npmRegistry } from './registry.ts';

let registry: LoopbackRegistry | undefined;
afterEach(async () => registry?.close());

const signal = new AbortController().signal;
const packages = [
  { name: 'a', version: '1.0.0', manifest: { engines: { node: '>=8' } }, files: { 'index.js': '' } },
  { name: 'a', version: '2.0.0', files: { 'index.js': '' } },
  { name: '@scope/b', version: '1.0.0', files: { 'index.js': '' } },
];

test('versions, engines and the latest tag are read, of scoped packages too', async () => {
  registry = await startLoopbackRegistry({ packages });
  const client = npmRegistry(registry.url, { waitMs: 0 });
  const reading = await client.packument('a', signal);
  if (reading.kind !== 'found') throw new Error(reading.kind);
  expect(reading.packument.latest).toBe('2.0.0');
  expect(reading.packument.versions.get('1.0.0')?.engines?.node).toBe('>=8');
  expect((await client.packument('@scope/b', signal)).kind).toBe('found');
  expect((await client.packument('nowhere', signal)).kind).toBe('not-found');
});

test.each(['down', 'half-answer', 'status-500'] as const)(
  'a registry that is %s is unavailable with a reason, after it was asked again',
  async (fault) => {
    registry = await startLoopbackRegistry({ packages, faults: { a: fault } });
    const reading = await npmRegistry(registry.url, { waitMs: 0 }).packument('a', signal);
    expect(reading.kind).toBe('unavailable');
    expect(registry.requests().length).toBe(3);
  },
);

test('nobody listening is said so', async () => {
  const reading = await npmRegistry('http://127.0.0.1:9/', { waitMs: 0 }).packument('a', signal);
  expect(reading.kind).toBe('unavailable');
});

test('a registry that fails once is asked again and found', async () => {
  registry = await startLoopbackRegistry({ packages, faults: { a: 'status-500' } });
  const live = registry;
  const client = npmRegistry(live.url, { waitMs: 1 });
  const asking = client.packument('a', signal);
  const healed = (async () => {
    while (live.requests().length === 0) await new Promise((resolve) => setImmediate(resolve));
    live.setFault('a', null);
  })();
  expect((await asking).kind).toBe('found');
  await healed;
});

test('a token is shown to the registry it is for, and to nobody else', async () => {
  registry = await startLoopbackRegistry({ packages });
  const other = await startLoopbackRegistry({ packages });
  const client = npmRegistry(registry.url, { authorization: new Secret('Bearer token-of-a-person') });
  await client.packument('a', signal);
  await client.tarball(`${other.url}a/-/a-1.0.0.tgz`, signal);
  expect(registry.requests().map(({ authorization }) => authorization)).toEqual(['Bearer token-of-a-person']);
  expect(other.requests().map(({ authorization }) => authorization)).toEqual([null]);
  await other.close();
});

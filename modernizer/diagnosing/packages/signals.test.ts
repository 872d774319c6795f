import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import type { Packument, VersionManifest } from '../../ecosystems/npm/registry.ts';
import { fetchAdvisories, readAdvisories } from './advisories.ts';
import { deprecationsIn } from './deprecations.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A registry that gives one answer, and what it was asked. */
async function registry(status: number, answer: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    request.setEncoding('utf8').on('data', (part: string) => asked.push(`${request.method} ${request.url} ${part}`));
    request.on('end', () => response.writeHead(status).end(answer));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

const ask = (url: string) =>
  fetchAdvisories({ url, authorization: null }, { a: ['1.0.0'] }, new AbortController().signal);
const ADVISORY = { title: 'Reads outside', severity: 'high', vulnerable_versions: '<2', url: 'https://example.org/1' };

test('advisories are asked for all versions at once', async () => {
  const { url, asked } = await registry(200, JSON.stringify({ a: [ADVISORY] }));
  expect(await ask(url)).toEqual({
    kind: 'available',
    advisories: [
      { name: 'a', title: 'Reads outside', severity: 'high', vulnerable: '<2', url: 'https://example.org/1' },
    ],
  });
  expect(asked).toEqual(['POST /-/npm/v1/security/advisories/bulk {"a":["1.0.0"]}']);
});

test('a registry that does not know the question makes them unavailable, not none', async () => {
  expect(await ask((await registry(405, '')).url)).toMatchObject({
    kind: 'unavailable',
    reason: expect.stringContaining('405'),
  });
  expect(await ask('http://127.0.0.1:1/')).toMatchObject({ kind: 'unavailable' });
});

test('an empty answer says that there are none; half an answer says nothing', () => {
  expect(readAdvisories('{}')).toEqual({ kind: 'available', advisories: [] });
  expect(readAdvisories('{"a":[{"title":')).toMatchObject({ kind: 'unavailable' });
  expect(readAdvisories('{"a":[{"title":"x"}]}')).toMatchObject({ kind: 'unavailable' });
});

test('an address that is no https address is not passed on', () => {
  const answer = JSON.stringify({ a: [{ ...ADVISORY, url: 'javascript:alert(1)' }] });
  expect(readAdvisories(answer)).toMatchObject({ advisories: [{ url: null }] });
});

const packument = (deprecated: Readonly<Record<string, VersionManifest['deprecated']>>): Packument => ({
  name: 'a',
  latest: null,
  versions: new Map(Object.entries(deprecated).map(([version, words]) => [version, { version, deprecated: words }])),
  publishedAt: {},
});

test('the versions in question are told deprecated in the publisher’s words', () => {
  const told = deprecationsIn([packument({ '1.0.0': 'use b', '2.0.0': undefined, '0.1.0': true })], {
    a: ['1.0.0', '2.0.0'],
  });
  expect(told).toEqual({ kind: 'available', deprecations: [{ name: 'a', version: '1.0.0', words: 'use b' }] });
});

test('without a single mark nothing is known', () => {
  expect(deprecationsIn([packument({ '1.0.0': undefined, '2.0.0': '' })], { a: ['1.0.0'] })).toMatchObject({
    kind: 'unavailable',
  });
});

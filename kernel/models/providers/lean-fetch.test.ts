import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { leanFetch } from './lean-fetch.ts';

let server: Server | undefined;
afterEach(() => void server?.close().closeAllConnections());

async function serving(listener: RequestListener): Promise<string> {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/x?y=1`;
}
const json = { 'content-type': 'application/json; charset=utf-8' };

async function read(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  const reader = response.body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (next === undefined || next.done) break;
    pieces.push(next.value);
  }
  await reader?.cancel();
  reader?.releaseLock();
  return Buffer.concat(pieces).toString();
}

test('a document is read whole, with its status and its headers, however many pieces it came in', async () => {
  const url = await serving((request, response) => {
    response.writeHead(201, { ...json, 'x-request': `${request.method} ${request.url}` });
    response.write('{"a":"ü');
    setTimeout(() => response.end('"}'), 5);
  });
  const response = await leanFetch(url, { method: 'POST', body: 'x' });
  expect([response.status, response.ok, response.headers.get('x-request')]).toEqual([201, true, 'POST /v1/x?y=1']);
  expect(await read(response)).toBe('{"a":"ü"}');
  expect(await (await leanFetch(url)).json()).toEqual({ a: 'ü' });
  expect(await (await leanFetch(url)).text()).toBe('{"a":"ü"}');
  expect((await (await leanFetch(url)).arrayBuffer()).byteLength).toBe(10);
});

test('an answer is there from its head on, and a document that breaks off says so when it is read', async () => {
  const url = await serving((_request, response) => {
    response.writeHead(200, { ...json, 'content-length': '100' }).write('{"a":');
    setTimeout(() => response.destroy(), 5);
  });
  const response = await leanFetch(url);
  expect(response.status).toBe(200);
  await expect(read(response)).rejects.toThrow('fetch failed');
  const late = await leanFetch(url);
  await new Promise((done) => setTimeout(done, 30));
  await expect(read(late)).rejects.toThrow('fetch failed');
});

test('who asked can stop a document on its way, and then nothing of it is waited for', async () => {
  const url = await serving((_request, response) => void response.writeHead(200, json).write('{'));
  const stop = new AbortController();
  const response = await leanFetch(url, { signal: stop.signal });
  const reading = read(response);
  stop.abort();
  await expect(reading).rejects.toThrow('fetch failed');
  await expect(leanFetch(url, { signal: stop.signal })).rejects.toBe(stop.signal.reason);
});

test('an address may name who asks', async () => {
  const url = await serving((request, response) => response.end(request.headers.authorization));
  const named = url.replace('//', '//ada:se%20cret@');
  const expected = `Basic ${Buffer.from('ada:se cret').toString('base64')}`;
  expect(await (await leanFetch(named)).text()).toBe(expected);
});

import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { createLog, createMetrics } from 'kernel/telemetry';

import { directListener, type DirectAnswer, type DirectCall } from './direct-routes.ts';

let server: Server | undefined;
afterEach(() => void server?.close().closeAllConnections());

async function serving(answer: (call: DirectCall) => Promise<DirectAnswer>) {
  const metrics = createMetrics();
  const listener = directListener(
    {
      log: createLog({ level: 'silent' }),
      metrics,
      isHostAllowed: (host) => host.startsWith('127.0.0.1:'),
      products: [{ name: 'one', direct: [{ path: '/v1/ask', answer }], close: async () => undefined }],
    },
    (_request, response) => response.writeHead(404).end('the ordinary way'),
  );
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, metrics };
}
const echo = async (call: DirectCall): Promise<DirectAnswer> => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body: `${call.header('x-name')}: ${await call.text()}`,
});
const post = (url: string, body: string, headers = {}) => fetch(url, { method: 'POST', body, headers });

test('a direct route is answered with the headers of every answer, and counted as any request', async () => {
  const { url, metrics } = await serving(echo);
  const response = await post(`${url}/v1/ask`, 'Grüße', { 'x-name': 'ada' });
  expect(await response.text()).toBe('ada: Grüße');
  expect(response.headers.get('content-length')).toBe('12');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  expect(await metrics.text()).toContain('tandem_http_requests_total{method="POST",status="200"} 1');
});

test('another method, another path and a name that is not ours go the ordinary way', async () => {
  const { url, port } = await serving(echo);
  expect((await fetch(`${url}/v1/ask`)).status).toBe(404);
  expect((await post(`${url}/v1/ask/more`, '')).status).toBe(404);
  expect((await post(`${url}/v1/ask?x=1`, '')).status).toBe(404);
  const foreign = await new Promise<IncomingMessage>((resolve) => {
    request(
      { port, host: '127.0.0.1', path: '/v1/ask', method: 'POST', headers: { host: 'evil.test' } },
      resolve,
    ).end();
  });
  expect(foreign.statusCode).toBe(404);
  foreign.resume();
});

test('a body beyond the limit is refused before it is kept', async () => {
  const { url } = await serving(async (call) => {
    const thrown = await call.text().catch((error: unknown) => error);
    return { status: 413, headers: {}, body: String((thrown as { readonly code: string }).code) };
  });
  const response = await post(`${url}/v1/ask`, 'x'.repeat(65 * 1024 * 1024));
  expect([response.status, await response.text()]).toEqual([413, 'BODY_TOO_LARGE']);
});

test('an answer in pieces comes as it is said, and ends early once its reader is gone', async () => {
  const gone = new AbortController();
  let ended: () => void = () => undefined;
  const over = new Promise<void>((resolve) => (ended = resolve));
  const { url } = await serving(async (call) => {
    call.onGone(() => gone.abort());
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: (async function* () {
        try {
          for (let piece = 0; !gone.signal.aborted; piece += 1) {
            yield `data: ${piece}\n\n`;
            await new Promise((done) => setTimeout(done, 2));
          }
        } finally {
          ended();
        }
      })(),
    };
  });
  const reader = (await post(`${url}/v1/ask`, '')).body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('data: 0');
  await reader?.cancel();
  await over;
  expect(gone.signal.aborted).toBe(true);
});

test('pieces wait for a reader that is slow, and all of them come', async () => {
  const piece = 'x'.repeat(100_000);
  let said = 0;
  const { url } = await serving(async () => ({
    status: 200,
    headers: {},
    body: (async function* () {
      for (; said < 200; said += 1) yield piece;
    })(),
  }));
  const reader = (await post(`${url}/v1/ask`, '')).body?.getReader();
  let length = (await reader?.read())?.value?.length ?? 0;
  await new Promise((done) => setTimeout(done, 100));
  expect(said).toBeLessThan(200);
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) length += next.value.length;
  expect(length).toBe(200 * piece.length);
});

test('a route that breaks is told as a broken connection, and the server goes on', async () => {
  const { url } = await serving(() => Promise.reject(new Error('broken')));
  await expect(post(`${url}/v1/ask`, '')).rejects.toThrow();
  expect((await fetch(`${url}/else`)).status).toBe(404);
});

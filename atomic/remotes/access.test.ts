import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { Secret } from 'kernel/basics';

import { hashFromBytes } from '../patches/hash.ts';
import { authoriseBy, readTokenFile } from './bearer-tokens.ts';
import { entriesIn } from './blocks.ts';
import { framesIn } from './frames.ts';
import { handleRemoteRequest, MEDIA_TYPE, type RemoteHandler } from './handle-request.ts';
import { httpPeer } from './http-peer.ts';
import { encodeMessage } from './messages.ts';
import { messagesIn } from './messages-in.ts';
import { ask, noTraffic } from './peer.ts';
import { OPEN_POLICY } from './receive-policy.ts';
import { helloOf } from './reconcile.ts';
import { parseRemoteUrl } from './remote-url.ts';
import { serveHttp } from './serve-http.ts';
import { repositoriesBelow } from './served-repositories.ts';
import { Side } from './side.samples.ts';
import { sshArguments } from './ssh-peer.ts';

const BASE = 'http://127.0.0.1:1/atomic/v1';
const READ = 'r'.repeat(30);

function handlerOf(side: Side): RemoteHandler {
  const authorise = authoriseBy(readTokenFile(`# ours\nread ${READ}\n`, 'tokens'), 'write');
  return {
    repositories: (name) => (name === 'team/demo' ? { repository: side.repository, policy: OPEN_POLICY } : undefined),
    authorise,
  };
}

function call(handler: RemoteHandler, path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { authorization: `Bearer ${READ}`, 'content-type': MEDIA_TYPE, ...init.headers };
  return handleRemoteRequest(new Request(BASE + path, { ...init, headers }), handler);
}

async function faultIn(response: Response): Promise<string> {
  for await (const message of messagesIn(framesIn(chunksOf(response))))
    if (message.kind === 'fault') return message.fault.code;
  return 'no fault';
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body !== null) yield* body;
}

const hello = (access: 'read' | 'write'): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.concat([helloOf({ access, channel: 'main', path: null }), encodeMessage({ kind: 'end' })]));

test('who asks is looked at first: without a good token nobody learns which repositories there are', async () => {
  using side = new Side('Server');
  const handler = handlerOf(side);
  for (const path of ['/team/demo/rpc', '/nothing/rpc', '/team/demo/changes/abc']) {
    const none = await call(handler, path, { method: 'POST', body: hello('read'), headers: { authorization: '' } });
    expect([none.status, none.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="atomic"']);
    expect(await faultIn(none)).toBe('ATOMIC_REMOTE_DENIED');
    const wrong = await call(handler, path, {
      method: 'POST',
      body: hello('read'),
      headers: { authorization: 'Bearer nope' },
    });
    expect(wrong.status).toBe(403);
  }
  expect(await faultIn(await call(handler, '/nothing/rpc', { method: 'POST', body: hello('read') }))).toBe(
    'ATOMIC_REMOTE_REPOSITORY_UNKNOWN',
  );
});

test('whoever may read may not write, and only requests of our media type are answered', async () => {
  using side = new Side('Server');
  const handler = handlerOf(side);
  expect((await call(handler, '/team/demo/rpc', { method: 'POST', body: hello('read') })).status).toBe(200);
  const write = await call(handler, '/team/demo/rpc', { method: 'POST', body: hello('write') });
  expect([write.status, await faultIn(write)]).toEqual([400, 'ATOMIC_REMOTE_READ_ONLY']);
  const plain = { method: 'POST', body: hello('read'), headers: { 'content-type': 'text/plain' } };
  expect((await call(handler, '/team/demo/rpc', plain)).status).toBe(415);
  expect((await call(handler, '/team/demo/rpc')).status).toBe(405);
  expect((await call(handler, '/team/demo/changes/abc', { method: 'DELETE' })).status).toBe(405);
});

test('one patch of a channel is given out for ever, without what may change beside it', async () => {
  using side = new Side('Server');
  const hash = side.edit('a.txt', 'one\n');
  const handler = handlerOf(side);
  const response = await call(handler, `/team/demo/changes/${hash}`);
  expect([response.status, response.headers.get('etag')]).toEqual([200, `"${hash}"`]);
  expect(response.headers.get('cache-control')).toContain('immutable');
  const blocks: Uint8Array[] = [];
  for await (const message of messagesIn(framesIn(chunksOf(response))))
    if (message.kind === 'block') blocks.push(message.payload);
  expect([...entriesIn(blocks)]).toMatchObject([{ kind: 'patch', patch: { hash, attribution: null, signatures: [] } }]);
  const again = await call(handler, `/team/demo/changes/${hash}`, { headers: { 'if-none-match': `"${hash}"` } });
  expect([again.status, again.body]).toEqual([304, null]);
  const absent = hashFromBytes(new Uint8Array(32));
  expect((await call(handler, `/team/demo/changes/${absent}`)).status).toBe(404);
  side.repository.store.write({ op: 'unrecord', args: {}, actor: 'x' }, (transaction) =>
    transaction.removeFromChannel('main', [1]),
  );
  expect((await call(handler, `/team/demo/changes/${hash}`)).status).toBe(404);
});

test('a name leads into the folder that is served, and nowhere else', () => {
  const top = mkdtempSync(join(tmpdir(), 'atomic-served-'));
  using outside = new Side('Outside');
  using inside = new Side('Inside');
  mkdirSync(join(top, 'team'));
  inside.repository.close();
  renameSync(inside.root, join(top, 'team/demo'));
  symlinkSync(outside.root, join(top, 'link'));
  mkdirSync(join(top, 'half'));
  symlinkSync(join(outside.root, '.atomic'), join(top, 'half/.atomic'));
  const served = repositoriesBelow(top, { readOnly: false, policyOf: () => OPEN_POLICY });
  expect(served.of('team/demo')?.repository.root).toBe(join(top, 'team/demo'));
  const elsewhere = [
    `../${outside.root.split('/').at(-1)}`,
    outside.root,
    'link',
    'half',
    'team/../link',
    'team//demo',
    '',
    '.',
    'team',
    'team/demo/.atomic',
    'a\0b',
    '%2e%2e',
  ];
  for (const name of elsewhere) expect(served.of(name), name).toBeUndefined();
  served.close();
  rmSync(top, { recursive: true });
});

test('tokens are read by the line, and a bad line is named without what stands in it', () => {
  expect(readTokenFile(`\n# x\nwrite ${'a'.repeat(30)} # Bob\n`, 'f')).toHaveLength(1);
  for (const line of ['secret-token-alone-in-its-line', 'write short', `both ${'a'.repeat(30)}`]) {
    expect(() => readTokenFile(line, 'f')).toThrow(expect.objectContaining({ code: 'ATOMIC_TOKEN_FILE_WRONG' }));
    expect(() => readTokenFile(line, 'f')).not.toThrow(/secret|short\b/);
  }
  const rules = readTokenFile(`read ${READ}\nwrite ${'w'.repeat(30)}\n`, 'f');
  const access = (token: string | null, most: 'read' | 'write' = 'write'): string =>
    authoriseBy(rules, most)(token === null ? null : new Secret(token)).access;
  expect([access(null), access('x'), access(READ), access('w'.repeat(30)), access('w'.repeat(30), 'read')]).toEqual([
    'none',
    'none',
    'read',
    'write',
    'read',
  ]);
});

test('a server of this machine answers to names of this machine only', async () => {
  using side = new Side('Server');
  const served = await serveHttp({ port: 0, handler: handlerOf(side) });
  const statusFor = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const request = httpRequest(served.url, { method: 'POST', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject).end();
    });
  expect(await statusFor('evil.example.org')).toBe(421);
  expect(await statusFor(`localhost:${served.port}`)).toBe(401);
  await served.close();
});

test('a server that goes away in the middle, or says nothing, is told as such', async () => {
  using side = new Side('Server');
  const silent: RemoteHandler = { ...handlerOf(side), authorise: () => new Promise<never>(() => undefined) };
  const served = await serveHttp({ port: 0, handler: silent });
  const url = new URL('team/demo', served.url);
  const asked = async (timeoutMs: number): Promise<unknown> => {
    const peer = httpPeer({ url, token: null, timeoutMs });
    try {
      return await ask(peer, [hello('read').subarray(0, -5)], noTraffic()).next();
    } finally {
      await peer.close();
    }
  };
  await expect(asked(30)).rejects.toMatchObject({ code: 'ATOMIC_REMOTE_SILENT' });
  const waiting = expect(asked(20_000)).rejects.toMatchObject({ code: 'ATOMIC_REMOTE_UNREACHABLE' });
  await new Promise((resolve) => setImmediate(resolve));
  await served.close();
  await waiting;
  await expect(asked(20_000)).rejects.toMatchObject({ code: 'ATOMIC_REMOTE_UNREACHABLE' });
});

test('addresses are a path, HTTP or ssh, and what is none is refused', () => {
  const parsed = (text: string): object => {
    const { kind, text: shown, ...rest } = parseRemoteUrl(text, '/home/ada');
    return kind === 'http' ? { kind, shown } : { kind, ...rest };
  };
  expect(parsed('../bob')).toEqual({ kind: 'path', path: '/home/bob' });
  expect(parsed('./a:b')).toEqual({ kind: 'path', path: '/home/ada/a:b' });
  expect(parsed('file:///srv/x')).toEqual({ kind: 'path', path: '/srv/x' });
  expect(parsed('https://example.org/atomic/v1/x/')).toEqual({
    kind: 'http',
    shown: 'https://example.org/atomic/v1/x',
  });
  expect(parsed('host:path/to')).toEqual({ kind: 'ssh', user: null, host: 'host', port: null, path: 'path/to' });
  expect(parsed('ada@example.org:~/x')).toEqual({
    kind: 'ssh',
    user: 'ada',
    host: 'example.org',
    port: null,
    path: '~/x',
  });
  expect(parsed('ssh://ada@[::1]:2222/srv/x')).toEqual({
    kind: 'ssh',
    user: 'ada',
    host: '::1',
    port: 2222,
    path: '/srv/x',
  });
  for (const wrong of ['', 'ftp://x/y', 'ssh://-oProxyCommand=x/y', 'ssh://host', 'http://', 'a\nb']) {
    expect(() => parsed(wrong), wrong).toThrow(expect.objectContaining({ code: 'ATOMIC_REMOTE_URL_WRONG' }));
  }
  for (const secret of [
    'https://token@x.org/y',
    'http://a:b@x.org/y',
    'ssh://a:b@x.org/y',
    'https://x.org/y?token=1',
  ]) {
    expect(() => parsed(secret), secret).toThrow(expect.objectContaining({ code: 'ATOMIC_REMOTE_URL_SECRET' }));
  }
});

test('the shell over there gets one word for the path, whatever is in it', () => {
  const address = { kind: 'ssh', user: 'ada', host: 'example.org', port: null, text: '' } as const;
  expect(sshArguments({ ...address, path: "/srv/it's; rm -rf $HOME" })).toEqual([
    '--',
    'ada@example.org',
    String.raw`atomic serve --stdio --repo='/srv/it'\''s; rm -rf $HOME'`,
  ]);
  expect(sshArguments({ ...address, port: 22, path: '~/x y' }).at(-1)).toBe(`atomic serve --stdio --repo=~/'x y'`);
});

import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { gunzipSync, gzipSync } from 'node:zlib';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startLoopbackRegistry, type LoopbackRegistry } from '../../tests/loopback-registry/index.ts';
import { Secret } from '../basics/index.ts';
import { authorizationOf, parseNpmSettings, readHostNpmSettings } from './host-npm-settings.ts';
import { PackumentMemory } from './packument-memory.ts';
import { mayFollow, registryPathOf } from './registry-paths.ts';
import { startRegistryProxy, type RegistryProxy } from './registry-proxy.ts';

const npmjs = new URL('https://registry.npmjs.org/');

describe('paths', () => {
  test.each([
    ['/left', 'packument'],
    ['/@scope%2fright', 'packument'],
    ['/left/1.0.0', 'packument'],
    ['/left/-/left-1.0.0.tgz', 'tarball'],
    ['/@scope/right/-/right-1.0.0.tgz?x=1', 'tarball'],
  ])('%s is a %s', (path, kind) => expect(registryPathOf('GET', path, npmjs)).toMatchObject({ kind }));

  test.each([
    ['PUT', '/left', 405],
    ['POST', '/-/npm/v1/security/advisories/bulk', 405],
    ['GET', '/-/whoami', 403],
    ['GET', '/-/npm/v1/tokens', 403],
    ['GET', '/', 403],
    ['GET', '/a/../-/whoami', 400],
    ['GET', '/a/%2e%2e/-/whoami', 400],
    ['GET', '/a%2f..%2f-%2fwhoami', 400],
    ['GET', '/a%252f..%252f-', 400],
    ['GET', '//evil.example/x', 400],
    ['GET', 'http://evil.example/x', 400],
    ['GET', '/a\\..\\b', 400],
    ['GET', `/${'a'.repeat(2000)}`, 400],
    ['GET', '/%2d/whoami', 400],
    ['GET', '/-%2fwhoami', 403],
    ['GET', '/.%2f-/whoami', 400],
  ])('%s %s is refused with %i', (method, path, status) =>
    expect(registryPathOf(method, path, npmjs)).toMatchObject({ kind: 'refused', status }),
  );

  test('a registry under a path is not left', () => {
    const registry = new URL('https://host.example/npm/');
    expect(registryPathOf('GET', '/npm/left', registry)).toMatchObject({ kind: 'packument' });
    expect(registryPathOf('GET', '/npm/-/whoami', registry)).toMatchObject({ status: 403 });
    expect(registryPathOf('GET', '/other', registry)).toMatchObject({ status: 403 });
  });

  test('redirects lead to the registry itself and to hosts it is known for, by https', () => {
    const follow = (to: string, registry = npmjs): boolean => mayFollow(new URL(to), registry);
    expect(follow('https://registry.npmjs.org/x')).toBe(true);
    expect(follow('https://registry.npmjs.org/x', new URL('https://registry.yarnpkg.com/'))).toBe(true);
    expect(follow('http://registry.npmjs.org/x')).toBe(false);
    expect(follow('https://evil.example/x')).toBe(false);
    expect(follow('http://169.254.169.254/')).toBe(false);
    expect(follow('http://127.0.0.1:5/x', new URL('http://127.0.0.1:4/'))).toBe(false);
  });
});

describe('the host’s npm settings', () => {
  test('the token of the longest path is taken, with variables filled in, and is a secret', () => {
    const text = ['; a comment', '//host.example/:_authToken=outer', '//host.example/npm/:_authToken="${TOKEN}"'].join(
      '\n',
    );
    const settings = parseNpmSettings(text, { TOKEN: 'inner-token' });
    const found = authorizationOf(settings, new URL('https://host.example/npm/private/'));
    expect(found?.reveal()).toBe('Bearer inner-token');
    expect(String(found)).toMatch(/^\[secret:/);
    expect(authorizationOf(settings, new URL('https://host.example/'))?.reveal()).toBe('Bearer outer');
    expect(authorizationOf(settings, npmjs)).toBe(null);
  });

  test('a name and a password become Basic credentials', () => {
    const settings = parseNpmSettings('//h/:username=ann\n//h/:_password=c2VjcmV0', {});
    expect(authorizationOf(settings, new URL('https://h/'))?.reveal()).toBe(`Basic ${btoa('ann:secret')}`);
  });
});

test('memory keeps states and not failures, shares a fetch, and keeps no more when it is full', async () => {
  const memory = new PackumentMemory(10);
  let fetches = 0;
  const answer = (status: number, size: number) => async () => {
    fetches += 1;
    return { status, headers: {}, body: Buffer.alloc(size) };
  };
  await Promise.all([memory.get('a', answer(200, 8)).answer, memory.get('a', answer(200, 8)).answer]);
  expect([fetches, memory.bytes, memory.get('a', answer(200, 8)).isHit]).toEqual([1, 8, true]);
  await memory.get('b', answer(200, 8)).answer;
  await memory.get('c', answer(500, 0)).answer;
  expect([memory.get('b', answer(200, 8)).isHit, memory.get('c', answer(200, 1)).isHit]).toEqual([false, false]);
});

describe('the proxy', () => {
  let folder: string;
  let registry: LoopbackRegistry;
  let proxy: RegistryProxy;
  const start = (url: string, authorization: Secret | null = null) =>
    startRegistryProxy({ registry: new URL(url), socket: join(folder, 'registry.sock'), authorization });

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), `tandem-proxy-${'long'.repeat(30)}-`));
    registry = await startLoopbackRegistry({ packages: [{ name: 'left', version: '1.0.0' }] });
    proxy = await start(registry.url, new Secret('Bearer host-token'));
  });
  afterEach(async () => {
    await proxy.close();
    await registry.close();
    rmSync(folder, { recursive: true });
  });

  interface Answer {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: Buffer;
    readonly isWhole: boolean;
  }
  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
    new Promise((resolve, reject) => {
      // The folder's name is longer than a socket path may be; its descriptor is short.
      const descriptor = openSync(folder, 'r');
      const socketPath = `/proc/self/fd/${descriptor}/registry.sock`;
      const asked = request({ socketPath, path, headers, method, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        const end = (): void =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks),
            isWhole: answer.complete,
          });
        answer
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .on('close', end)
          .on('error', end);
      });
      asked
        .on('error', reject)
        .on('close', () => closeSync(descriptor))
        .end();
    });

  test('packuments come from memory the second time, with the host’s credentials only towards the registry', async () => {
    const [first, second] = [await ask('/left'), await ask('/left')];
    expect(second.body).toEqual(first.body);
    expect(first.body.toString()).toContain(`${registry.url}left/-/left-1.0.0.tgz`);
    expect(registry.requests()).toEqual([{ method: 'GET', path: '/left', authorization: 'Bearer host-token' }]);
    expect(proxy.counts()).toMatchObject({ requests: 2, hits: 1, refused: 0, failed: 0 });
    expect(JSON.stringify(first.headers)).not.toContain('host-token');
  });

  test('asked under /-/here, packuments name the proxy as the place of the registry’s tarballs, and of no others', async () => {
    const headers = { host: '127.0.0.1:4873' };
    const answer = await ask('/-/here/left', headers);
    expect(answer.body.toString()).toContain('"http://127.0.0.1:4873/-/here/left/-/left-1.0.0.tgz"');
    expect(answer.headers['etag']).toBeUndefined();
    expect((await ask('/-/here/left/-/left-1.0.0.tgz', headers)).body).toEqual(
      registry.packages.get('left')?.versions.get('1.0.0')?.tarball,
    );
    expect((await ask('/left')).body.toString()).toContain(`${registry.url}left/-/left-1.0.0.tgz`);
    for (const path of ['/-/here/-/whoami', '/-/here/', '/-/here/-/here/left', '/-/here/a/../b']) {
      expect((await ask(path, headers)).status).toBeGreaterThanOrEqual(400);
    }
  });

  test('a packed packument is changed too, and a mirror’s path is kept before the original’s', async () => {
    const document = {
      versions: {
        a: { dist: { tarball: 'https://registry.npmjs.org/left/-/left-1.0.0.tgz' } },
        b: { dist: { tarball: 'https://elsewhere.example/left.tgz' } },
      },
    };
    const mirror = createServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', etag: 'x' }).end(gzipSync(JSON.stringify(document)));
    });
    await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
    const address = mirror.address();
    await proxy.close();
    proxy = await start(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/npm/`);
    const answer = await ask('/-/here/npm/left', { host: 'h', 'accept-encoding': 'gzip' });
    const text = gunzipSync(answer.body).toString();
    expect(text).toContain('"http://h/-/here/npm/left/-/left-1.0.0.tgz"');
    expect(text).toContain('"https://elsewhere.example/left.tgz"');
    mirror.close();
  });

  test('tarballs pass unchanged, and HEAD without a body', async () => {
    const published = registry.packages.get('left')?.versions.get('1.0.0');
    expect((await ask('/left/-/left-1.0.0.tgz')).body).toEqual(published?.tarball);
    expect(await ask('/left/-/left-1.0.0.tgz', {}, 'HEAD')).toMatchObject({ status: 200, body: Buffer.alloc(0) });
  });

  test('what may not pass never reaches the registry', async () => {
    expect((await ask('/left', {}, 'PUT')).status).toBe(405);
    expect((await ask('/-/whoami')).status).toBe(403);
    expect(registry.requests()).toEqual([]);
    expect(proxy.counts().refused).toBe(2);
  });

  test('a registry that is down is told as such, and asked again the next time', async () => {
    registry.setFault('*', 'down');
    expect(await ask('/left')).toMatchObject({ status: 502 });
    registry.setFault('*', null);
    expect((await ask('/left')).status).toBe(200);
  });

  test('an answer that breaks off never looks whole', async () => {
    registry.setFault('left', 'half-answer');
    expect((await ask('/left')).status).toBe(502);
    registry.setFault('left', 'half-tarball');
    const answer = await ask('/left/-/left-1.0.0.tgz').catch(() => null);
    expect(answer?.isWhole ?? false).toBe(false);
  });

  test('a connection that the registry closes while it is used again is replaced by another', async () => {
    let broken = 0;
    const used = new WeakSet<object>();
    const closing = await listening((asked, answer) => {
      // As a server whose time for an idle connection ends at that moment.
      if (used.has(asked.socket)) {
        broken += 1;
        return void asked.socket.resetAndDestroy();
      }
      used.add(asked.socket);
      answer.end('{}');
    });
    await proxy.close();
    proxy = await start(closing.url);
    expect((await ask('/first')).status).toBe(200);
    expect((await ask('/second')).status).toBe(200);
    expect(broken).toBe(1);
    closing.server.close();
    closing.server.closeAllConnections();
  });

  test('a redirect elsewhere is not followed, and gets no credentials', async () => {
    const other = await listening((_, answer) => answer.end('internal'));
    const redirecting = await listening((_, answer) => answer.writeHead(302, { location: other.url }).end());
    await proxy.close();
    proxy = await start(redirecting.url, new Secret('Bearer host-token'));
    const answer = await ask('/left');
    expect(answer.status).toBe(502);
    expect(answer.body.toString()).toContain('may not go');
    expect(other.asked()).toBe(0);
    other.server.close();
    redirecting.server.close();
  });

  test('settings of npm that name no file are none', () => {
    writeFileSync(join(folder, 'npmrc'), 'cafile=/nowhere.pem\n');
    const settings = readHostNpmSettings(npmjs, { npm_config_userconfig: join(folder, 'npmrc') });
    expect(settings).toEqual({ authorization: null, certificates: null, passedOn: {} });
    writeFileSync(join(folder, 'npmrc'), 'omit-lockfile-registry-resolved = true\n');
    const { passedOn } = readHostNpmSettings(npmjs, { npm_config_userconfig: join(folder, 'npmrc') });
    expect(passedOn).toEqual({ npm_config_omit_lockfile_registry_resolved: 'true' });
  });
});

type Handler = Parameters<typeof createServer>[1];

async function listening(handler: Handler): Promise<{ server: Server; url: string; asked(): number }> {
  let asked = 0;
  const server = createServer((incoming, answer) => {
    asked += 1;
    if (typeof handler === 'function') handler(incoming, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { server, url: `http://127.0.0.1:${port}/`, asked: () => asked };
}

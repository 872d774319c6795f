import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { manualClock, Secret, type ManualClock } from 'kernel/basics';
import { openStore, sqliteUrl, type Store } from 'kernel/store';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';

import { createPeople, type People } from './people.ts';
import { PEOPLE_MIGRATIONS } from './tables.ts';
import { createTokens, parseTtl, type Tokens } from './tokens.ts';

let folder: string;
let url: string;
let store: Store;
let people: People;
let tokens: Tokens;
let clock: ManualClock;
const secret = new Secret('a secret of more than thirty-two characters');
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-people-'));
  url = sqliteUrl(join(folder, 'tandem.db'));
  store = await openStore(url);
  await store.migrate([PEOPLE_MIGRATIONS]);
  clock = manualClock(Date.now());
  people = createPeople({ store, secret, isHttps: false });
  tokens = createTokens(store, clock, secret);
  await people.ensureOwner();
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const cookieOf = (cookies: readonly string[] | undefined): Headers =>
  new Headers({ cookie: (cookies ?? []).map((cookie) => cookie.split(';')[0]).join('; ') });

describe('sign-in links', () => {
  test('the owner is made once, whoever starts how often', async () => {
    const again = createPeople({ store, secret, isHttps: false });
    await Promise.all([people.ensureOwner(), again.ensureOwner(), again.ensureOwner()]);
    const count = await sql<{ count: number }>`select count(*) as count from people`.execute(store.read());
    expect(count.rows[0]?.count).toBe(1);
  });

  test('a link signs the owner in, and the cookie cannot be read or sent by other pages', async () => {
    const cookies = await people.useLink(await people.newLink());
    expect(cookies?.[0]).toMatch(/HttpOnly/);
    expect(cookies?.[0]).toMatch(/SameSite=Lax/);
    expect(await people.whoIs(cookieOf(cookies))).toMatchObject({ name: 'Owner', role: 'owner', via: 'cookie' });
  });

  test('a link is good for one use, also when two use it at once', async () => {
    const link = await people.newLink();
    const elsewhere = createPeople({ store: await openStore(url), secret, isHttps: false });
    const uses = await Promise.all([people, elsewhere, people].map((each) => each.useLink(link)));
    expect(uses.filter((cookies) => cookies !== undefined)).toHaveLength(1);
  });

  test('a link that another process took a moment ago opens nothing', async () => {
    const link = await people.newLink();
    await store.write((tx) => sql`update people_links set taken = 1`.execute(tx));
    expect(await people.useLink(link)).toBeUndefined();
  });

  test('a link that never was, is empty or strange opens nothing', async () => {
    for (const link of ['', 'x', "' or 1=1 --", 'ä'.repeat(1000), '../..']) {
      expect(await people.useLink(link)).toBeUndefined();
    }
  });

  test('a link is stale after ten minutes', async () => {
    const link = await people.newLink();
    const minute = (count: number): string => new Date(Date.now() + count * 60_000).toISOString();
    const expiries = await sql<{ expiresAt: string }>`select "expiresAt" from people_links`.execute(store.read());
    expect((expiries.rows[0]?.expiresAt ?? '') < minute(10.1)).toBe(true);
    await store.write((tx) => sql`update people_links set "expiresAt" = ${minute(-1)}`.execute(tx));
    expect(await people.useLink(link)).toBeUndefined();
  });

  test('neither the link nor anything to make one from is in the database', async () => {
    const link = await people.newLink();
    const rows = await sql`select * from people_links`.execute(store.read());
    expect(JSON.stringify(rows.rows)).not.toContain(link);
  });

  test('a cookie that was changed, or signed with another secret, is nobody', async () => {
    const cookies = await people.useLink(await people.newLink());
    const headers = cookieOf(cookies);
    const other = createPeople({
      store,
      secret: new Secret('another secret of thirty-two characters!'),
      isHttps: false,
    });
    expect(await other.whoIs(headers)).toBeUndefined();
    expect(await people.whoIs(new Headers({ cookie: `${headers.get('cookie')}x` }))).toBeUndefined();
    expect(await people.whoIs(new Headers())).toBeUndefined();
  });

  test('signing out ends the session on the server', async () => {
    const headers = cookieOf(await people.useLink(await people.newLink()));
    expect((await people.signOut(headers)).join()).toContain('Max-Age=0');
    expect(await people.whoIs(headers)).toBeUndefined();
  });

  test('behind https the cookie is for https only', async () => {
    const secure = createPeople({ store, secret, isHttps: true });
    expect((await secure.useLink(await secure.newLink()))?.[0]).toMatch(/Secure/);
  });
});

describe('tokens', () => {
  test('a token says its role until it expires', async () => {
    const { id, token } = await tokens.issue('member', 60_000, 'for a test');
    expect(await tokens.whoIs(token.reveal())).toMatchObject({ id: `token:${id}`, role: 'member', via: 'token' });
    await clock.advance(60_001);
    expect(await tokens.whoIs(token.reveal())).toBeUndefined();
  });

  test('a revoked token ends at once', async () => {
    const { id, token } = await tokens.issue('owner', 60_000, '');
    expect(await tokens.revoke(id.slice(0, 6))).toBe(id);
    expect(await tokens.whoIs(token.reveal())).toBeUndefined();
    expect((await tokens.list())[0]?.revokedAt).not.toBeNull();
    await expect(tokens.revoke('nothing')).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' });
  });

  test('garbage, another signature and a token without a row are nobody', async () => {
    const { token } = await tokens.issue('owner', 60_000, '');
    const [head = '', body = '', signature = ''] = token.reveal().split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    for (const wrong of ['', 'x', 'a.b.c', `${none}.${body}.`, `${head}.${body}.${signature}x`, `${body}.${head}.x`]) {
      expect(await tokens.whoIs(wrong)).toBeUndefined();
    }
    await store.write((tx) => sql`delete from tokens`.execute(tx));
    expect(await tokens.whoIs(token.reveal())).toBeUndefined();
  });

  test('a length of time has a number and a unit, within limits', () => {
    expect([parseTtl('90s'), parseTtl('30m'), parseTtl('1h'), parseTtl('7d')]).toEqual([90e3, 18e5, 36e5, 6048e5]);
    for (const wrong of ['', '1', 'h', '1.5h', '-1h', '0h', '366d', '1 year'])
      expect(() => parseTtl(wrong)).toThrow(/number/);
  });
});

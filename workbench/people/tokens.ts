// Scoped tokens for programs: signed, expiring, revocable. Used as `Authorization: Bearer`.
// Rule: a signature alone opens nothing. Each token is also a row, and a row that is gone or revoked ends it at once.

import { createHmac } from 'node:crypto';

import { errors, jwtVerify, SignJWT } from 'jose';

import { instant, minutes, newId, Secret, toIso, type Clock } from 'kernel/basics';
import type { Store } from 'kernel/store';
import type { Kysely } from 'kysely';

import { tokenNotFound, ttlWrong } from '../faults.ts';
import type { PeopleTables } from './tables.ts';
import { parseRole, type Role, type Who } from './who.ts';

const ISSUER = 'tandem';
const AUDIENCE = 'tandem-api';
/** A forgotten token is a danger; whoever needs one for longer issues another. */
const TTL_MS_MAX = minutes(60 * 24 * 365);
const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: minutes(1), h: minutes(60), d: minutes(60 * 24) };

interface TokenRow {
  readonly id: string;
  readonly role: string;
  readonly note: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
}

export interface Tokens {
  issue(role: Role, ttlMs: number, note: string): Promise<{ readonly id: string; readonly token: Secret }>;
  whoIs(token: string): Promise<Who | undefined>;
  list(): Promise<readonly TokenRow[]>;
  /** By id or its unique beginning. */
  revoke(prefix: string): Promise<string>;
}

/** `90s`, `30m`, `1h`, `7d` in milliseconds. */
export function parseTtl(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  const ttlMs = Number(count) * (UNITS_MS[unit] ?? 0);
  if (!(ttlMs > 0) || ttlMs > TTL_MS_MAX) throw ttlWrong(text);
  return ttlMs;
}

export function createTokens(store: Store, clock: Clock, secret: Secret): Tokens {
  const key = createHmac('sha256', secret.reveal()).update('tokens').digest();
  const rows = () => store.read<PeopleTables>().selectFrom('tokens').selectAll();
  return {
    async issue(role, ttlMs, note) {
      const id = newId<'token'>();
      const now = clock.now();
      const row = { id, role, note, issued_at: now, expires_at: now + ttlMs, revoked_at: null };
      await store.write((tx: Kysely<PeopleTables>) => tx.insertInto('tokens').values(row).execute(), { durable: true });
      const token = await new SignJWT({ role })
        .setProtectedHeader({ alg: 'HS256' })
        .setJti(id)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(new Date(now))
        .setExpirationTime(new Date(now + ttlMs))
        .sign(key);
      return { id, token: new Secret(token) };
    },
    async whoIs(token) {
      const id = await verified(token, key, clock);
      if (id === undefined) return undefined;
      const row = await rows().where('id', '=', id).executeTakeFirst();
      const role = row === undefined ? undefined : parseRole(row.role);
      if (row === undefined || role === undefined || row.revoked_at !== null || row.expires_at <= clock.now())
        return undefined;
      const expiresAt = toIso(instant(row.expires_at));
      return { id: `token:${id}`, name: row.note || `a token for ${role}`, role, via: 'token', expiresAt };
    },
    async list() {
      const all = await rows().orderBy('issued_at', 'desc').execute();
      return all.map((row) => ({
        id: row.id,
        role: row.role,
        note: row.note,
        issuedAt: toIso(instant(row.issued_at)),
        expiresAt: toIso(instant(row.expires_at)),
        revokedAt: row.revoked_at === null ? null : toIso(instant(row.revoked_at)),
      }));
    },
    async revoke(prefix) {
      const ids = (await rows().execute()).map((row) => row.id).filter((id) => id.startsWith(prefix.toLowerCase()));
      const [id, another] = ids;
      if (id === undefined || another !== undefined || prefix === '') throw tokenNotFound(prefix, ids.length);
      await store.write(
        (tx: Kysely<PeopleTables>) =>
          tx.updateTable('tokens').set({ revoked_at: clock.now() }).where('id', '=', id).execute(),
        { durable: true },
      );
      return id;
    },
  };
}

async function verified(token: string, key: Uint8Array, clock: Clock): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      currentDate: new Date(clock.now()),
    });
    return payload.jti;
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return undefined;
    throw thrown;
  }
}

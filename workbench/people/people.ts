// The people of this workbench: the owner, sessions by cookie, and one-time sign-in links. better-auth does the work.
// Rule: there is no password anywhere. A link is opaque, stored as a hash, good for ten minutes and one use.
// The library is loaded late: it costs a quarter of a second that most commands need not pay.

import { createHash, createHmac } from 'node:crypto';

import { minutes, type Secret } from 'kernel/basics';
import type { Store } from 'kernel/store';

import type { Kysely } from 'kysely';

import { kyselyThrough } from './store-dialect.ts';
import type { PeopleTables } from './tables.ts';
import { parseRole, type Who } from './who.ts';

const LINK_MS = minutes(10);
/** A month without signing in again; the cookie is renewed each day it is used. */
const SESSION_MS = minutes(60 * 24 * 30);
const SESSION_RENEWED_MS = minutes(60 * 24);
/** The owner of a machine has no address; links are handed over on it. `.invalid` can never be mailed to. */
const OWNER_ADDRESS = 'owner@tandem.invalid';

export interface People {
  /** Makes the owner at the first start; afterwards does nothing. */
  ensureOwner(): Promise<void>;
  ownerId(): Promise<string>;
  /** The opaque part of a new sign-in link for the owner. */
  newLink(): Promise<string>;
  /** Uses up a link: the cookies that sign in, or nothing when it was used, is stale or never was. */
  useLink(link: string): Promise<readonly string[] | undefined>;
  whoIs(headers: Headers): Promise<Who | undefined>;
  /** Ends the session; the cookies that say so to the browser. */
  signOut(headers: Headers): Promise<readonly string[]>;
}

export interface PeopleOptions {
  readonly store: Store;
  readonly secret: Secret;
  /** True where the server is reached by https: the cookie is then for https only. */
  readonly isHttps: boolean;
}

export function createPeople(options: PeopleOptions): People {
  let loading: ReturnType<typeof loadAuth> | undefined;
  const auth = (): ReturnType<typeof loadAuth> => (loading ??= loadAuth(options));
  return {
    ensureOwner: async () => {
      if ((await ownerOf(options.store)) === undefined) await makeOwner(await auth(), options.store);
    },
    ownerId: async () => (await ownerOf(options.store)) ?? '',
    newLink: async () => (await auth()).newLink(),
    useLink: async (link) => ((await takeLink(options.store, link)) ? (await auth()).useLink(link) : undefined),
    whoIs: async (headers) => (headers.has('cookie') ? (await auth()).whoIs(headers) : undefined),
    signOut: async (headers) => (await auth()).signOut(headers),
  };
}

/** Of all who use a link at once, in whatever process, one takes it. */
async function takeLink(store: Store, link: string): Promise<boolean> {
  const updated = await store.write((tx: Kysely<PeopleTables>) =>
    tx
      .updateTable('people_links')
      .set({ taken: 1 })
      .where('identifier', '=', storedAs(link))
      .where('taken', '=', 0)
      .executeTakeFirst(),
  );
  return updated.numUpdatedRows > 0n;
}

const storedAs = (link: string): string => createHash('sha256').update(link).digest('base64url');

async function ownerOf(store: Store): Promise<string | undefined> {
  const owner = await store
    .read<PeopleTables>()
    .selectFrom('people')
    .select('id')
    .where('email', '=', OWNER_ADDRESS)
    .executeTakeFirst();
  return owner?.id;
}

async function makeOwner(auth: Awaited<ReturnType<typeof loadAuth>>, store: Store): Promise<void> {
  try {
    await auth.makeOwner();
  } catch (thrown) {
    // Another process that started at the same moment was first.
    if ((await ownerOf(store)) === undefined) throw thrown;
  }
}

async function loadAuth({ store, secret, isHttps }: PeopleOptions) {
  const [{ betterAuth }, { magicLink }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins/magic-link'),
  ]);
  const made: { link: string } = { link: '' };
  const auth = betterAuth({
    // Its Kysely is of another version; both speak the same query nodes.
    database: { db: kyselyThrough(store) as never, type: store.dialect, transaction: false },
    secret: createHmac('sha256', secret.reveal()).update('sessions').digest('base64url'),
    baseURL: 'http://127.0.0.1',
    logger: { disabled: true },
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: false },
    user: { modelName: 'people', additionalFields: { role: { type: 'string', input: false, defaultValue: 'member' } } },
    session: { modelName: 'people_sessions', expiresIn: SESSION_MS / 1000, updateAge: SESSION_RENEWED_MS / 1000 },
    account: { modelName: 'people_accounts' },
    verification: { modelName: 'people_links' },
    advanced: { cookiePrefix: 'tandem', useSecureCookies: isHttps, ipAddress: { disableIpTracking: true } },
    plugins: [
      magicLink({
        disableSignUp: true,
        expiresIn: LINK_MS / 1000,
        storeToken: { type: 'custom-hasher', hash: async (link) => storedAs(link) },
        sendMagicLink: ({ token }) => void (made.link = token),
      }),
    ],
  });
  return {
    async makeOwner(): Promise<void> {
      const { internalAdapter } = await auth.$context;
      await internalAdapter.createUser({ email: OWNER_ADDRESS, name: 'Owner', emailVerified: true, role: 'owner' });
    },
    async newLink(): Promise<string> {
      await auth.api.signInMagicLink({ body: { email: OWNER_ADDRESS }, headers: new Headers() });
      return made.link;
    },
    async useLink(link: string): Promise<readonly string[] | undefined> {
      const response = await auth.api.magicLinkVerify({
        query: { token: link },
        headers: new Headers(),
        asResponse: true,
      });
      const cookies = response.headers.getSetCookie();
      return response.status === 200 && cookies.length > 0 ? cookies : undefined;
    },
    async whoIs(headers: Headers): Promise<Who | undefined> {
      const found = await auth.api.getSession({ headers });
      const role = found === null ? undefined : parseRole(found.user.role);
      if (found === null || role === undefined) return undefined;
      const { id, name } = found.user;
      return { id, name, role, via: 'cookie', expiresAt: new Date(found.session.expiresAt).toISOString() };
    },
    async signOut(headers: Headers): Promise<readonly string[]> {
      const response = await auth.api.signOut({ headers, asResponse: true });
      return response.headers.getSetCookie();
    },
  };
}

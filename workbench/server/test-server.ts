// A whole app on a database of its own, for tests: everything real but the listening, the clock and the machine.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { Hono as App } from 'hono';

import { manualClock, Secret, type ManualClock } from 'kernel/basics';
import { HTTP_MIGRATIONS } from 'kernel/http';
import { createJournal, JOURNAL_MIGRATIONS, type Journal } from 'kernel/journal';
import { openStore, sqliteUrl, type Store } from 'kernel/store';
import { createHealth, createLog, createMetrics } from 'kernel/telemetry';
import { createWork, WORK_MIGRATIONS } from 'kernel/work';

import { ATOMIC } from '../mount-atomic.ts';
import { CHAT } from '../mount-chat.ts';
import { GATEWAY } from '../mount-gateway.ts';
import { MODERNIZER } from '../mount-modernizer.ts';
import { openAnswering } from '../open-models.ts';
import { createPeople, type People } from '../people/people.ts';
import { PEOPLE_MIGRATIONS } from '../people/tables.ts';
import { createTokens, type Tokens } from '../people/tokens.ts';
import type { Role } from '../people/who.ts';
import type { OpenProduct, ProductDeps, ProductDoor } from '../products.ts';
import type { Machine } from '../protocol/index.ts';
import { createApp } from './app.ts';
import type { ServerEnv } from './context.ts';

export interface TestServer {
  readonly app: Hono<ServerEnv>;
  readonly store: Store;
  readonly journal: Journal;
  readonly people: People;
  readonly tokens: Tokens;
  readonly clock: ManualClock;
  readonly closing: AbortController;
  readonly logged: string[];
  readonly machine: { sandbox: Machine['sandbox'] };
  /** Asks as a role with a token of its own; without a role as nobody. */
  ask(path: string, options?: RequestInit & { readonly role?: Role }): Promise<Response>;
  remove(): Promise<void>;
}

const MIGRATIONS = [JOURNAL_MIGRATIONS, WORK_MIGRATIONS, HTTP_MIGRATIONS, PEOPLE_MIGRATIONS];
const DOORS = [MODERNIZER, ATOMIC, CHAT, GATEWAY];
const READY: Machine['sandbox'] = { kind: 'ready', backEnd: 'bubblewrap', detail: '' };

/** Stands for a product: one route for everybody, one for owners. */
const example: OpenProduct = {
  name: 'example',
  routes: (authorize) =>
    new App()
      .get('/things', describeRoute({ summary: 'Things' }), authorize(), (context) => context.json({ things: [] }))
      .post('/things', describeRoute({ summary: 'A thing' }), authorize('owner'), (context) => context.json({}, 201)),
  stop: async () => false,
  close: async () => undefined,
};

export async function testServer(): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-server-'));
  const store = await openStore(sqliteUrl(join(folder, 'tandem.db')));
  await store.migrate([...MIGRATIONS, ...DOORS.flatMap(({ migrations }) => migrations)]);
  const secret = new Secret('the secret of a test server, long enough');
  const clock = manualClock(Date.now());
  const closing = new AbortController();
  const logged: string[] = [];
  const machine = { sandbox: READY };
  const people = createPeople({ store, secret, isHttps: false });
  const tokens = createTokens(store, clock, secret);
  const journal = createJournal(store, clock);
  const health = createHealth(clock, { store: async () => store.dialect });
  const log = createLog({ level: 'debug', output: { write: (line) => logged.push(line) } });
  const metrics = createMetrics();
  const answering = await openAnswering({ store, clock, secret, log, providers: [] });
  const shared = {
    store,
    journal,
    clock,
    log,
    metrics,
    people,
    tokens,
    answering,
    closing: closing.signal,
    home: folder,
  };
  const products = await Promise.all(DOORS.map((door) => opened(door, shared)));
  const app = createApp({
    store,
    journal,
    clock,
    people,
    tokens,
    health,
    products: [example, ...products],
    version: '0.0.0',
    log,
    metrics,
    machine: async () => ({ tandem: '0', node: 'v24', npm: '11', store: 'sqlite', registry: 'https://r/', ...machine }),
    isHostAllowed: (host) => host === 'tandem.test',
    trustedProxies: [],
    closing: closing.signal,
    console: join(folder, 'console'),
  });
  await people.ensureOwner();
  return {
    app,
    store,
    journal,
    people,
    tokens,
    clock,
    closing,
    logged,
    machine,
    ask: asker(app, tokens),
    async remove() {
      closing.abort();
      await Promise.all(products.map((product) => product.close()));
      await answering.close();
      health.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

const opened = (
  door: ProductDoor,
  deps: Omit<ProductDeps, 'work' | 'registry' | 'sandbox' | 'tandemVersion' | 'chatFiles'>,
): Promise<OpenProduct> =>
  door.open({
    ...deps,
    work: createWork(deps.store, deps.clock),
    registry: 'http://127.0.0.1:1/',
    sandbox: { registry: 'http://127.0.0.1:1/', scratch: join(deps.home, 'sandbox') },
    tandemVersion: '0.0.0',
    chatFiles: join(deps.home, 'chat'),
  });

/** Asks the app, each role with a token that is issued when it is first needed. */
function asker(app: Hono<ServerEnv>, tokens: Tokens): TestServer['ask'] {
  const given = new Map<Role, string>();
  const tokenOf = async (role: Role): Promise<string> => {
    const known = given.get(role) ?? (await tokens.issue(role, 3_600_000, role)).token.reveal();
    given.set(role, known);
    return known;
  };
  return async (path, { role, ...options } = {}) => {
    const headers = new Headers(options.headers);
    if (!headers.has('host')) headers.set('host', 'tandem.test');
    if (role !== undefined) headers.set('authorization', `Bearer ${await tokenOf(role)}`);
    return app.request(`http://tandem.test${path}`, { ...options, headers });
  };
}

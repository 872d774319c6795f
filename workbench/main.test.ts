import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { systemClock, type RunId } from 'kernel/basics';
import { createJournal, JOURNAL_MIGRATIONS } from 'kernel/journal';
import { openStore, sqliteUrl } from 'kernel/store';

import { main } from './main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tandem-main-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The one document, where --json was given. */
  readonly document: Record<string, unknown>;
}

async function tandem(...argv: string[]): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(
    argv,
    {
      folder,
      env: { TANDEM_HOME: join(folder, 'home'), TANDEM_REGISTRY: 'http://127.0.0.1:1/' },
      stdout: { write: (text) => out.push(text) },
      stderr: { write: (text) => err.push(text) },
    },
    new AbortController().signal,
  );
  const text = out.join('');
  const document = argv.includes('--json') && text.startsWith('{') ? JSON.parse(text) : {};
  return { code, out: text, err: err.join(''), document };
}

const begun = async (status: 'done' | 'failed', title: string): Promise<RunId> => {
  mkdirSync(join(folder, 'home'), { recursive: true });
  const store = await openStore(sqliteUrl(join(folder, 'home', 'tandem.db')));
  await store.migrate([JOURNAL_MIGRATIONS]);
  const journal = createJournal(store, systemClock);
  const { run } = await journal.start({ product: 'p', title, source: 's', owner: 'o', input: null });
  await journal.append(run.id, null, 'noted', { text: 'hello' });
  await journal.setStatus(run.id, null, status, null);
  await store.close();
  return run.id;
};

const COMMANDS = [
  'serve',
  'work',
  'link',
  'doctor',
  'config',
  'token issue',
  'token list',
  'token revoke',
  'schedule list',
  'schedule add',
  'schedule change',
  'schedule pause',
  'schedule resume',
  'schedule remove',
  'runs',
  'run',
];

test.each(COMMANDS)('%s explains itself with two examples, --json and -C', async (name) => {
  const { code, out } = await tandem(...name.split(' '), '--help');
  expect(code).toBe(0);
  const examples = out.slice(out.indexOf('Examples:')).match(/^ {2}(\$|DATABASE_URL=\S+ tandem)/gm);
  expect(examples).toHaveLength(2);
  expect(out).toContain('--json');
  expect(out).toMatch(/-C <dir>/);
});

test('wrong use ends with 2 and says how it is used', async () => {
  for (const argv of [['nonsense'], ['serve', '--nonsense'], ['run'], ['token', 'issue'], ['-C']]) {
    const { code, err } = await tandem(...argv);
    expect([argv, code]).toEqual([argv, 2]);
    expect(err).not.toBe('');
  }
});

test('a folder that is not there is wrong use, with --json as a document', async () => {
  const { code, err, document } = await tandem('config', '-C', 'nowhere', '--json');
  expect([code, document]).toMatchObject([2, { version: 1, error: { code: 'FOLDER_MISSING' } }]);
  expect(err).toContain('FOLDER_MISSING');
});

test('config says each setting and where it comes from', async () => {
  writeFileSync(join(folder, '.env'), 'TANDEM_PORT=4711\nANTHROPIC_API_KEY=sk-geheim-geheim\n');
  const { code, out } = await tandem('config');
  expect(code).toBe(0);
  expect(out).toMatch(/TANDEM_PORT +4711 +TANDEM_PORT in \.env/);
  expect(out).not.toContain('geheim');
  const { document, out: json } = await tandem('config', '--json', '-C', '.');
  expect(document['version']).toBe(1);
  expect(JSON.stringify(document)).toContain('"source":"TANDEM_PORT in .env"');
  expect(json).not.toContain('geheim');
  writeFileSync(join(folder, 'tandem.config.json'), '{"prot":1}');
  expect((await tandem('config')).err).toContain('Did you mean port?');
});

test('a token is issued, listed and revoked', async () => {
  const { code, document } = await tandem('token', 'issue', '--role', 'member', '--ttl', '1h', '--json');
  expect([code, document]).toMatchObject([0, { version: 1, token: expect.stringMatching(/^eyJ/), role: 'member' }]);
  const { out } = await tandem('token', 'list');
  expect(out).toContain(String(document['id']));
  expect(out).not.toContain(String(document['token']));
  const revoked = await tandem('token', 'revoke', String(document['id']).slice(0, 8), '--json');
  expect([revoked.code, revoked.document]).toEqual([0, { version: 1, revoked: document['id'] }]);
  expect((await tandem('token', 'revoke', 'zzzz')).code).toBe(2);
  expect((await tandem('token', 'issue', '--role', 'emperor')).code).toBe(2);
  expect((await tandem('token', 'issue', '--role', 'owner', '--ttl', 'forever')).code).toBe(2);
});

test('a link is printed before a server runs, and says how to start one', async () => {
  const { code, out, err } = await tandem('link');
  expect([code, out]).toEqual([0, expect.stringMatching(/^http:\/\/127\.0\.0\.1:4600\/welcome\/\w{20,}\n$/)]);
  expect(err).toContain('npm start');
  expect((await tandem('link', '--json')).document).toMatchObject({ version: 1, running: false });
});

test('runs are listed newest first', async () => {
  expect((await tandem('runs')).out).toContain('There is no run yet');
  const first = await begun('done', 'The first');
  const { code, document } = await tandem('runs', '--json');
  expect([code, document]).toMatchObject([0, { version: 1, runs: [{ id: first, product: 'p', status: 'done' }] }]);
  expect((await tandem('runs')).out).toMatch(/^id +product +status +started +title\n/);
});

test('a run is shown by the beginning of its id, and following it ends as it ended', async () => {
  const [good, bad] = [await begun('done', 'Good'), await begun('failed', 'Bad')];
  const { code, document } = await tandem('run', good.slice(0, 9), '--json');
  expect([code, document]).toMatchObject([0, { version: 1, id: good, events: [{ seq: 1, kind: 'noted' }] }]);
  expect((await tandem('run', good)).out).toContain('{"text":"hello"}');
  expect((await tandem('run', good, '--follow')).code).toBe(0);
  expect((await tandem('run', bad, '--follow')).code).toBe(1);
  const unknown = await tandem('run', 'zzzz');
  expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('RUN_NOT_FOUND')]);
});

test('the doctor looks at everything and says what to do about what is wrong', async () => {
  const { code, document } = await tandem('doctor', '--json');
  const checks = document['checks'] as { name: string; state: string; next: string | null }[];
  expect(checks.map((check) => check.name)).toEqual([
    'node',
    'npm',
    'git',
    'home',
    'store',
    'disk',
    'registry',
    'sandbox',
    'port',
    'console',
  ]);
  const registry = checks.find((check) => check.name === 'registry');
  expect([code, registry?.state, document['healthy']]).toEqual([1, 'fail', false]);
  for (const check of checks) expect(check.state === 'ok' ? check.next === null : check.next !== null).toBe(true);
});

test('a home that cannot be made is a fault', async () => {
  writeFileSync(join(folder, 'home'), 'in the way');
  const { code, err } = await tandem('link');
  expect([code, err]).toEqual([3, expect.stringContaining('HOME_UNUSABLE')]);
});

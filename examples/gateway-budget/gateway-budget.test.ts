// The program against a whole server, with a model server on loopback whose answers cost what gpt-4o costs.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { startWireFake, type WireFake } from 'kernel/wire-fakes';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { askUntilStopped } from './gateway-budget.ts';

const TANDEM = join(import.meta.dirname, '../../workbench/main.ts');
let home = '';
let fake: WireFake;
let server: ChildProcess;
let gateway = '';

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  TANDEM_HOME: home,
  TANDEM_PORT: '0',
  LOG_LEVEL: 'silent',
  OPENAI_API_KEY: 'sk-of-the-example',
  OPENAI_BASE_URL: fake.url,
  OPENAI_MODEL: 'gpt-4o',
});

async function tandem(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [TANDEM, ...args], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (said += piece));
  await once(child, 'close');
  return said;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'tandem-gateway-'));
  fake = await startWireFake(() => ({ kind: 'answer', pieces: ['It ', 'jumps.'], usage: { input: 40, output: 50 } }));
  server = spawn(process.execPath, [TANDEM, 'serve'], { env: environment(), stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const piece of server.stdout ?? []) {
    said += String(piece);
    const [, url] = /ready at (\S+)/.exec(said) ?? [];
    if (url !== undefined) {
      gateway = `${url}/v1`;
      break;
    }
  }
}, 60_000);
afterAll(async () => {
  server.kill();
  await once(server, 'close');
  await fake.close();
  rmSync(home, { recursive: true });
});

test('the budget of the key stops it, to the microdollar, and the ledger has every attempt', async () => {
  const { key } = JSON.parse(await tandem('key', 'issue', '--name', 'example', '--budget', '0.01', '--json')) as {
    key: string;
  };
  const { answers, stoppedBy } = await askUntilStopped(gateway, key);
  expect(stoppedBy).toContain('The budget for key');
  // 40 tokens in and 50 out cost 600 microdollars; the next one must fit with its worst case.
  expect(answers.length).toBeGreaterThan(10);
  expect(answers.every((answer) => answer === 'It jumps.')).toBe(true);
  const report = JSON.parse(await tandem('spend', '--by', 'model', '--json')) as {
    totalMicroUsd: number;
    rows: { group: string; attempts: number }[];
  };
  expect(report.totalMicroUsd).toBe(600 * answers.length);
  expect(report.totalMicroUsd).toBeLessThanOrEqual(10_000);
  expect(report.rows).toMatchObject([{ group: 'gpt-4o', attempts: answers.length }]);
}, 60_000);

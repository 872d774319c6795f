import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import type { PackumentReading } from '../ecosystems/npm/registry.ts';
import type { Plan } from '../planning/plan-upgrades.ts';
import { withWarnings } from './warnings.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function registry(status: number, answer: unknown): Promise<{ url: string; asked: unknown[] }> {
  const asked: unknown[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.on('end', () => {
      asked.push(JSON.parse(text));
      response.writeHead(status).end(JSON.stringify(answer));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked };
}

const upgrade: Plan['upgrades'][number] = {
  name: 'a',
  kind: 'dependencies',
  fromRange: '^1.0.0',
  toRange: '^2.0.0',
  from: '1.0.0',
  to: '2.0.0',
  step: 'major',
  risk: 'low',
  reasons: [],
  raisesEngines: null,
};
const PLAN = {
  upgrades: [upgrade],
  forbidden: [],
  leftAlone: [],
  risk: 'low',
  signals: [{ name: 'versions', state: 'available', reason: null }],
} as unknown as Plan;
const installed = new Map([
  ['a', '1.0.0'],
  ['b', '3.0.0'],
]);
const packument = (name: string, marks: Readonly<Record<string, string | undefined>>): [string, PackumentReading] => [
  name,
  {
    kind: 'found',
    packument: {
      name,
      latest: null,
      versions: new Map(Object.entries(marks).map(([version, deprecated]) => [version, { version, deprecated }])),
      publishedAt: {},
    },
  },
];
const ask = (url: string, packuments: readonly [string, PackumentReading][]) =>
  withWarnings(
    {
      registry: { url },
      ports: { registryAuthorization: null },
      signals: { any: new AbortController().signal },
    } as never,
    PLAN,
    { packuments: new Map(packuments), installed },
  );
const ADVISORY = { title: 'Reads outside', severity: 'high', vulnerable_versions: '<2', url: 'https://example.org/1' };

test('each installed and proposed version is asked about, and only those that an advisory is about are warned of', async () => {
  const { url, asked } = await registry(200, { a: [ADVISORY] });
  const { warnings, signals } = await ask(url, [packument('a', { '1.0.0': 'Use b.', '2.0.0': undefined })]);
  expect(asked).toEqual([{ a: ['1.0.0', '2.0.0'], b: ['3.0.0'] }]);
  expect(warnings).toEqual([
    { kind: 'deprecated', name: 'a', version: '1.0.0', text: 'Use b.', severity: null, url: null },
    {
      kind: 'advisory',
      name: 'a',
      version: '1.0.0',
      text: 'Reads outside',
      severity: 'high',
      url: 'https://example.org/1',
    },
  ]);
  expect(signals.filter(({ state }) => state === 'unavailable')).toEqual([]);
  expect(signals.map(({ name }) => name)).toEqual(['versions', 'deprecations', 'advisories']);
});

test('a registry that tells neither leaves both unknown with the reason, and the plan as it is', async () => {
  const { url } = await registry(405, {});
  const { warnings, signals, upgrades } = await ask(url, [packument('a', { '1.0.0': undefined })]);
  expect(warnings).toEqual([]);
  expect(upgrades).toEqual(PLAN.upgrades);
  expect(signals.slice(1)).toEqual([
    { name: 'deprecations', state: 'unavailable', reason: expect.stringMatching(/^Unknown: the registry marks none/) },
    { name: 'advisories', state: 'unavailable', reason: expect.stringMatching(/^Unknown: the registry answers 405/) },
  ]);
  const away = await ask('http://127.0.0.1:9/', []);
  expect(away.signals.find(({ name }) => name === 'advisories')?.state).toBe('unavailable');
});

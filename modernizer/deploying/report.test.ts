import { expect, test } from 'vitest';

import { foldEvents, type EventData, type EventKind } from '../protocol/index.ts';
import { renderReport } from './report.ts';

let seq = 0;
const event = <Kind extends EventKind>(kind: Kind, data: EventData<Kind>) => ({
  run: 'r',
  seq: (seq += 1),
  at: '2026-01-01T00:00:00.000Z',
  kind,
  data,
});

const verdict = { kind: 'green', passed: 3, of: 3 } as const;
const upgrade: EventData<'plan-made'>['upgrades'][number] = {
  name: 'lodash',
  kind: 'dependencies',
  fromRange: '^4.17.11',
  toRange: '^4.18.1',
  from: '4.18.1',
  to: '4.18.1',
  step: 'patch',
  risk: 'low',
  reasons: ['It becomes an ES module: `require` <fails>.'],
  raisesEngines: null,
};
const trial = (id: string, answeredBy: 'trial' | 'same-tree') => [
  event('trial-started', { trial: id, number: 1, purpose: 'one-more', upgrades: ['ms', 'lodash'], expectedMs: null }),
  event('trial-finished', {
    trial: id,
    verdict,
    level: 4,
    answeredBy,
    sameAs: null,
    summary: 'Fine.',
    levels: [
      {
        level: 4,
        command: 'npm test',
        ok: true,
        detail: '',
        wallMs: 1200,
        limits: { wallMs: 60_000, memoryBytes: 1024 ** 3 },
        memoryBytesPeak: 20 * 1024 ** 2,
        tests: null,
        health: [],
      },
    ],
    tests: null,
    wallMs: 10,
    evidence: 'evidence/t1',
  }),
];

const report = renderReport(
  'r',
  foldEvents([
    event('plan-made', {
      upgrades: [upgrade, { ...upgrade, name: 'glob' }],
      leftAlone: [],
      risk: 'low',
      signals: [],
      warnings: [
        { kind: 'advisory', name: 'glob', version: '7.0.0', text: 'Reads <outside>', severity: 'high', url: null },
      ],
    }),
    ...trial('t1', 'trial'),
    ...trial('t2', 'same-tree'),
    event('upgrade-kept', { name: 'lodash', to: '4.18.1', verdict, trial: 't1' }),
    event('upgrade-refused', {
      name: 'glob',
      to: '10.0.0',
      verdict: { kind: 'broken', passed: 0, of: 2 },
      cause: 'One test fails.',
      where: ['a.js:2'],
      trial: 't1',
      evidence: 'evidence/t1',
      diagnosis: {
        cause: {
          kind: 'named',
          symbol: 'glob.sync',
          change: 'renamed',
          before: '(pattern: string) => <string>[]',
          after: null,
          renamedTo: 'globSync',
          sites: [{ file: 'a.js', line: 2, column: 3, text: "glob.sync('<b>')" }],
          proof: 'log-and-difference',
          printed: null,
        },
        difference: null,
        package: [],
        changelog: { file: 'CHANGELOG.md', text: '10.0.0: <renamed>' },
        uses: 1,
        logged: [],
        unknown: ['Its two APIs could not be compared.'],
      },
    }),
  ]),
);

test('an upgrade whose version is installed already is shown by its ranges', () => {
  expect(report).toContain('^4.17.11 → ^4.18.1</span>');
});

test('a trial is told in words, with the upgrade it is about', () => {
  expect(report).toContain('One more: lodash');
});

test('trials that ran are counted apart from those that an equal tree answered', () => {
  expect(report).toContain('1 trial, 1 more answered by an equal tree');
});

test('code between backquotes is set as code, and stays text', () => {
  expect(report).toContain('<code>require</code> &lt;fails&gt;.');
});

test('a refused upgrade shows what changed, the line that uses it, what its makers say and what is not known', () => {
  expect(report).toContain('<code>glob.sync</code> is called globSync now.');
  expect(report).toContain('− (pattern: string) =&gt; &lt;string&gt;[]');
  expect(report).toContain('<code>a.js:2</code> <code>glob.sync(&#39;&lt;b&gt;&#39;)</code>');
  expect(report).toContain('10.0.0: &lt;renamed&gt;');
  expect(report).toContain('Its two APIs could not be compared.');
  expect(report).toContain('7.0.0: advisory, high: Reads &lt;outside&gt;');
});

test('a step of a trial says what it took of what it was allowed', () => {
  expect(report).toContain('<code>npm test</code>: green, 1.2 s of 1 min, 20 MiB of 1.0 GiB of memory.');
});

import { expect, test } from 'vitest';

import { maintainedLines, NODE_RELEASES } from '../ecosystems/npm/node-releases.ts';
import type { Engines } from '../protocol/index.ts';
import { engineVerdict, type EngineRules } from './engines.ts';

const rules = (mode: Engines, declared: string | null): EngineRules => ({
  mode,
  declared,
  maintained: maintainedLines('2026-11-21'),
  trialNode: '24.21.0',
});

test('the table of releases is dated and says which lines are maintained', () => {
  expect(NODE_RELEASES.asOf).toMatch(/^\d{4}-\d\d-\d\d$/);
  expect(maintainedLines('2026-11-21').map(({ line }) => line)).toEqual([22, 24, 26]);
  expect(maintainedLines('2027-05-01').map(({ line }) => line)).toEqual([24, 26]);
});

test.each([
  ['declared', '>=10', '>=22', 'forbidden', null],
  ['declared', '>=22', '>=18', 'fine', null],
  ['declared', null, '>=22', 'fine', null],
  ['maintained', '>=10', '>=22', 'fine', '22.0.0'],
  ['maintained', '>=10', '>=20', 'fine', '20.0.0'],
  ['maintained', '>=10', '^20.19.0 || ^22.12.0 || >=24.0.0', 'fine', '22.12.0'],
  ['maintained', '>=0.8', '^8.16.0 || ^10.6.0 || >=11.0.0', 'fine', '11.0.0'],
  ['maintained', '>=10', '>=10', 'fine', null],
  ['maintained', '>=10', '>=24', 'forbidden', null],
  ['maintained', '>=24', '>=24', 'fine', null],
  ['maintained', '>= 0.8.0', '>=20', 'fine', '20.0.0'],
  ['maintained', '^10 || ^12', '>=20', 'fine', '20.0.0'],
  ['ignore', '>=10', '>=99', 'fine', null],
] as const)(
  'with engines %s, declared %s and needed %s the version is %s, raising to %s',
  (mode, declared, needed, kind, raises) => {
    const verdict = engineVerdict(rules(mode, declared), 'dependencies', needed);
    expect(verdict.kind).toBe(kind);
    if (verdict.kind === 'fine') expect(verdict.raises).toBe(raises);
    else expect(verdict.reason).toContain(needed);
  },
);

test('development tools are bound only by the Node that runs the trials', () => {
  expect(engineVerdict(rules('declared', '>=10'), 'devDependencies', '>=22').kind).toBe('fine');
  expect(engineVerdict(rules('declared', '>=10'), 'devDependencies', '>=99').kind).toBe('forbidden');
});

import type { ModernizationView, Warning } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { unknownOf, warningsBesides, warningsOf, warningsText } from './warnings-state.ts';

const warning = (name: string, version: string, parts: Partial<Warning> = {}): Warning => ({
  kind: 'advisory',
  name,
  version,
  text: 'Reads outside',
  severity: 'high',
  url: null,
  ...parts,
});
const plan = (warnings: Warning[] | undefined, told: boolean): ModernizationView['plan'] => ({
  upgrades: [],
  leftAlone: [],
  risk: 'low',
  signals: [
    { name: 'peers', state: 'unavailable', reason: 'No.' },
    { name: 'advisories', state: told ? 'available' : 'unavailable', reason: told ? null : 'Unknown: it answers 405.' },
  ],
  ...(warnings === undefined ? {} : { warnings }),
});
const a = { name: 'a', from: '1.0.0', to: '2.0.0' };

test('an advisory that is about the old version only is left behind; one about the new version stays', () => {
  const deprecated = { kind: 'deprecated' as const, text: 'Use b.', severity: null };
  const told = plan(
    [
      warning('a', '1.0.0'),
      warning('a', '1.0.0', deprecated),
      warning('a', '2.0.0', { text: 'Slow' }),
      warning('b', '1.0.0'),
    ],
    true,
  );
  const face = warningsOf(a, told);
  expect(face.left).toHaveLength(2);
  expect(face.stays).toHaveLength(1);
  expect(warningsText(face)).toBe('one advisory less, no longer deprecated, one advisory stays');
  expect(warningsBesides(told).map(({ name }) => name)).toEqual(['a', 'a', 'a', 'b']);
});

test('an advisory about both versions is not called left behind', () => {
  const face = warningsOf(a, plan([warning('a', '1.0.0'), warning('a', '2.0.0')], true));
  expect([face.left.length, face.stays.length]).toEqual([0, 1]);
});

test('what the registry does not tell is unknown, and what it does tell of nothing is silence', () => {
  expect(unknownOf(plan([], false)).map(({ name }) => name)).toEqual(['advisories']);
  expect(unknownOf(plan([], true))).toEqual([]);
  expect(warningsText(warningsOf(a, plan(undefined, true)))).toBeNull();
  expect(warningsOf(a, null)).toEqual({ left: [], stays: [], unknown: [] });
});

import { expect, test } from 'vitest';

import { olderVersions } from './older-versions.ts';

const rules = { mode: 'ignore', declared: null, maintained: [], trialNode: '24.0.0' } as const;

function older(versions: string, from: string, to: string, step: 'major' | 'minor' = 'major'): readonly string[] {
  const manifests = new Map(versions.split(' ').map((version) => [version, { version }]));
  const packument = { name: 'it', latest: to, versions: manifests, publishedAt: {} };
  const kind = 'dependencies' as const;
  return olderVersions({ packument, range: `^${from}`, kind, from, to, step }, rules).map((each) => each.to);
}

test('the newest of each major between the installed and the planned version is offered, oldest first', () => {
  expect(older('7.0.0 7.2.0 8.0.0 8.1.0 9.0.0-beta.1 9.3.5 10.0.0 10.1.0', '7.0.0', '10.1.0')).toEqual([
    '7.2.0',
    '8.1.0',
    '9.3.5',
  ]);
});

test('below 1.0.0 each minor is a line of its own, and so it is in a minor step', () => {
  expect(older('0.1.0 0.2.0 0.2.1 0.3.0 0.4.0', '0.1.0', '0.4.0')).toEqual(['0.2.1', '0.3.0']);
  expect(older('1.0.0 1.1.0 1.1.4 1.2.0 1.3.0', '1.0.0', '1.3.0', 'minor')).toEqual(['1.1.4', '1.2.0']);
});

test('of very many lines a few are offered, the first and the last among them', () => {
  const many = [...Array(40).keys()].map((major) => `${major + 1}.0.0`).join(' ');
  const offered = older(many, '1.0.0', '40.0.0');
  expect([offered.length, offered[0], offered.at(-1)]).toEqual([8, '2.0.0', '39.0.0']);
});

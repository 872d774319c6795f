import { expect, test } from 'vitest';

import type { PlannedUpgrade } from '../protocol/index.ts';
import { peerLinks, type PeersOf } from './peer-links.ts';

const upgrade = (name: string, from: string, to: string): PlannedUpgrade => ({
  name,
  kind: 'devDependencies',
  fromRange: `^${from}`,
  toRange: `^${to}`,
  from,
  to,
  step: 'major',
  risk: 'medium',
  reasons: [],
  raisesEngines: null,
});

function links(peers: Readonly<Record<string, PeersOf>>) {
  const upgrades = [upgrade('core', '7.1.0', '8.0.0'), upgrade('env', '7.2.0', '8.1.0')];
  return peerLinks(upgrades, ({ name }) => peers[name] ?? { before: {}, after: {} });
}

test('what asks for the new version of another needs it, and the old one binds the other to itself', () => {
  const both = links({ env: { before: { core: '^7.0.0' }, after: { core: '^8.0.0' } } });
  expect(both.get('env')).toEqual({ partners: ['core'], needs: ['core'], conflicts: [] });
  expect(both.get('core')).toEqual({ partners: ['env'], needs: ['env'], conflicts: [] });
});

test('what does not allow the new version of another excludes it', () => {
  const both = links({ env: { before: { core: '^7.0.0' }, after: { core: '^7.0.0' } } });
  expect(both.get('env')?.conflicts).toEqual(['core']);
  expect(both.get('core')?.conflicts).toEqual(['env']);
});

test('a peer range that allows old and new links them, and asks for nothing', () => {
  const both = links({ env: { before: { core: '>=7' }, after: { core: '>=7' } } });
  expect(both.get('env')).toEqual({ partners: ['core'], needs: [], conflicts: [] });
  expect(links({}).get('env')?.partners).toEqual([]);
});

import { expect, test } from 'vitest';

import { readManifest, type Manifest } from '../ecosystems/npm/manifest.ts';
import { maintainedLines } from '../ecosystems/npm/node-releases.ts';
import type { PackumentReading, VersionManifest } from '../ecosystems/npm/registry.ts';
import { namesToAsk, planUpgrades, type PlanFacts } from './plan-upgrades.ts';

const manifestOf = (json: object): Manifest => {
  const reading = readManifest(JSON.stringify(json));
  if (reading.kind !== 'manifest') throw new Error(reading.reason);
  return reading.manifest;
};

const found = (
  name: string,
  versions: Record<string, Partial<VersionManifest>>,
  latest?: string,
): [string, PackumentReading] => [
  name,
  {
    kind: 'found',
    packument: {
      name,
      latest: latest ?? Object.keys(versions).at(-1) ?? null,
      versions: new Map(Object.entries(versions).map(([version, rest]) => [version, { version, ...rest }])),
      publishedAt: {},
    },
  },
];

const facts = (
  json: object,
  packuments: [string, PackumentReading][],
  installed: Record<string, string> = {},
): PlanFacts => ({
  manifest: manifestOf(json),
  installed: new Map(Object.entries(installed)),
  packuments: new Map(packuments),
  rules: { mode: 'maintained', declared: null, maintained: maintainedLines('2026-11-21'), trialNode: '24.21.0' },
});

test('every declared dependency is an upgrade, forbidden, or left alone with a reason', () => {
  const plan = planUpgrades(
    facts(
      {
        dependencies: { old: '^1.0.0', newest: '^2.0.0', silent: '^1.0.0', gone: '^1.0.0', git: 'user/repository' },
        devDependencies: { tool: '~1.0.0', future: '^1.0.0' },
        peerDependencies: { host: '^1.0.0' },
      },
      [
        found('old', { '1.0.0': {}, '3.0.0': {} }),
        found('newest', { '2.0.0': {} }),
        ['silent', { kind: 'unavailable', reason: 'nobody listens' }],
        ['gone', { kind: 'not-found' }],
        found('tool', { '1.0.0': {}, '1.0.9': {} }),
        found('future', { '1.0.0': {}, '2.0.0': { engines: { node: '>=99' } } }),
      ],
    ),
  );
  expect(plan.upgrades.map(({ name }) => name)).toEqual(['tool', 'old']);
  expect(plan.forbidden.map(({ upgrade }) => upgrade.name)).toEqual(['future']);
  expect(plan.leftAlone.map(({ name }) => name).sort()).toEqual(['git', 'gone', 'host', 'newest', 'silent']);
  expect(plan.leftAlone.every(({ reason }) => reason.length > 10)).toBe(true);
});

test('a version the engines forbid is passed over for the newest they allow, and the plan says so', () => {
  const plan = planUpgrades(
    facts({ dependencies: { a: '^1.0.0' } }, [
      found('a', { '1.0.0': {}, '2.0.0': {}, '3.0.0': { engines: { node: '>=99' } } }),
    ]),
  );
  expect(plan.upgrades[0]).toMatchObject({ to: '2.0.0', toRange: '^2.0.0' });
  expect(plan.upgrades[0]?.reasons.join(' ')).toContain('3.0.0 was passed over');
});

test('prereleases, withdrawn marks and versions above the latest tag are no targets', () => {
  const plan = planUpgrades(
    facts({ dependencies: { a: '^1.0.0' } }, [
      found(
        'a',
        { '1.0.0': {}, '2.0.0': {}, '2.1.0': { deprecated: 'broken' }, '3.0.0-rc.1': {}, '4.0.0': {} },
        '2.2.0',
      ),
    ]),
  );
  expect(plan.upgrades[0]?.to).toBe('2.0.0');
});

test('an upgrade to the version that is installed already is of low risk and says so', () => {
  const plan = planUpgrades(
    facts({ dependencies: { a: '^1.0.0' } }, [found('a', { '1.0.0': {}, '1.2.0': {} })], { a: '1.2.0' }),
  );
  expect(plan.upgrades[0]).toMatchObject({ risk: 'low', reasons: ['This very version is installed already.'] });
});

test('a peer is tried before what names it', () => {
  const plan = planUpgrades(
    facts({ devDependencies: { adapter: '^1.0.0', zoo: '^1.0.0' } }, [
      found('adapter', { '1.0.0': {}, '2.0.0': { peerDependencies: { zoo: '^2.0.0' } } }),
      found('zoo', { '1.0.0': {}, '2.0.0': {} }),
    ]),
  );
  expect(plan.upgrades.map(({ name }) => name)).toEqual(['zoo', 'adapter']);
});

test('what the registry does not tell is unknown, never none', () => {
  const silent: ReturnType<typeof found> = ['b', { kind: 'unavailable', reason: 'It is down.' }];
  const plan = planUpgrades(facts({ dependencies: { a: '^1.0.0' } }, [found('a', { '1.0.0': {} }), silent]));
  expect(plan.signals.map(({ name, state }) => [name, state])).toEqual([
    ['versions', 'unavailable'],
    ['engines', 'unavailable'],
    ['peers', 'unavailable'],
  ]);
  expect(plan.signals[0]?.reason).toBe('1 of 2 packages were not answered.');
});

test('the registry is asked once about each name, and only about ranges of its own', () => {
  const manifest = manifestOf({ dependencies: { a: '^1.0.0', b: 'file:../b' }, devDependencies: { a: '^1.0.0' } });
  expect(namesToAsk({ manifest })).toEqual(['a']);
});

test('what is only for another operating system is left alone: npm would skip it, and nothing would be proven', () => {
  const plan = planUpgrades(
    facts({ optionalDependencies: { fsevents: '^1.0.0', any: '^1.0.0' } }, [
      found('fsevents', { '1.0.0': { os: ['darwin'] }, '2.0.0': { os: ['darwin'] } }),
      found('any', { '1.0.0': {}, '2.0.0': { os: ['!win32'] } }),
    ]),
  );
  expect(plan.upgrades.map(({ name }) => name)).toEqual(['any']);
  expect(plan.leftAlone).toEqual([
    { name: 'fsevents', range: '^1.0.0', reason: 'It is only for darwin: no trial here could judge it.' },
  ]);
});

test('of thousands of upgrades one run takes hundreds, the least risky first, and its plan stays small', () => {
  const names = Array.from({ length: 3000 }, (_, number) => `package-${number}`);
  const versions = (number: number) => ({ '1.0.0': {}, [number % 2 === 0 ? '1.0.1' : '2.0.0']: {} });
  const plan = planUpgrades(
    facts(
      { dependencies: Object.fromEntries(names.map((name) => [name, '1.0.0'])) },
      names.map((name, number) => found(name, versions(number))),
    ),
  );
  expect(plan.upgrades.length).toBeGreaterThan(200);
  expect(plan.upgrades.every(({ step }) => step === 'patch')).toBe(true);
  expect(plan.leftAlone[0]?.name).toBe(`${3000 - plan.upgrades.length} more upgrades`);
  expect(JSON.stringify(plan).length).toBeLessThan(250 * 1024);
});

test('what several workspaces declare is one upgrade of all of them, and a workspace is none', () => {
  const workspaces = [
    { place: 'a', manifest: manifestOf({ name: 'a', dependencies: { left: '^1.5.0', b: '^1.0.0' } }) },
    { place: 'b', manifest: manifestOf({ name: 'b', devDependencies: { left: '~1.0.0', right: 'workspace:*' } }) },
  ];
  const plan = planUpgrades({
    ...facts({ name: 'top' }, [found('left', { '1.0.0': {}, '1.5.0': {}, '2.0.0': {} })], { left: '1.0.0' }),
    workspaces,
  });
  expect(plan.upgrades).toMatchObject([
    {
      name: 'left',
      kind: 'dependencies',
      fromRange: '~1.0.0',
      to: '2.0.0',
      places: [
        { place: 'a', kind: 'dependencies', fromRange: '^1.5.0' },
        { place: 'b', kind: 'devDependencies', fromRange: '~1.0.0' },
      ],
    },
  ]);
  expect(plan.leftAlone.map(({ name, reason }) => [name, reason])).toEqual([
    ['b', 'It is a workspace of this project.'],
    ['right', 'It is a workspace of this project.'],
  ]);
});

test('what is taken from the catalog is one upgrade of the catalog; what a named catalog holds is left alone', () => {
  const top = manifestOf({ devDependencies: { left: 'catalog:', kept: 'catalog:old' } });
  const catalog = { ...manifestOf({ devDependencies: { left: '^1.0.0' } }), text: 'catalog: { left: ^1.0.0 }' };
  const plan = planUpgrades({
    ...facts({}, [found('left', { '1.0.0': {}, '2.0.0': {} })], { left: '1.0.0' }),
    manifest: top,
    workspaces: [{ place: 'pnpm-workspace.yaml', manifest: catalog }],
  });
  expect(plan.upgrades).toMatchObject([
    {
      name: 'left',
      kind: 'devDependencies',
      fromRange: '^1.0.0',
      toRange: '^2.0.0',
      places: [{ place: 'pnpm-workspace.yaml', fromRange: '^1.0.0' }],
    },
  ]);
  expect(plan.upgrades[0]?.reasons).toContain('Its range stands in the catalog of pnpm-workspace.yaml.');
  expect(plan.leftAlone).toMatchObject([{ name: 'kept', reason: expect.stringContaining('named catalog') }]);
});

// Small projects and the packages they depend on, for tests and journeys: each tells one story of an upgrade.
// Rule: everything in them is ours and harmless; what attacks is in tests/journeys/hostile/.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { FixturePackage } from '../loopback-registry/index.ts';

const versions = (
  name: string,
  each: Readonly<Record<string, { readonly code: string; readonly manifest?: Readonly<Record<string, unknown>> }>>,
): readonly FixturePackage[] =>
  Object.entries(each).map(([version, { code, manifest }]) => ({
    name,
    version,
    ...(manifest === undefined ? {} : { manifest }),
    files: { 'index.js': code },
  }));

const GREET = "exports.greet = (name) => 'Hello ' + name;";

/** A package of which only its install script makes what it exports. */
const BUILT = {
  scripts: { postinstall: 'node make.js' },
} as const;
const builtAt = (version: string, name = 'built'): FixturePackage => ({
  name,
  version,
  manifest: BUILT,
  files: {
    'index.js': "module.exports = require('./made.js');",
    'make.js': `require('node:fs').writeFileSync('made.js', ${JSON.stringify(GREET)});`,
  },
});

/** What the fixture registry offers. */
export const PACKAGES: readonly FixturePackage[] = [
  builtAt('1.0.0'),
  builtAt('2.0.0'),
  ...versions('growing', { '1.0.0': { code: GREET } }),
  builtAt('2.0.0', 'growing'),
  ...versions('good', { '1.0.0': { code: GREET }, '2.0.0': { code: GREET } }),
  ...versions('@scope/tool', { '1.0.0': { code: GREET }, '1.1.0': { code: GREET } }),
  ...versions('newest', { '1.0.0': { code: GREET }, '1.2.0': { code: GREET } }),
  ...versions('breaking', { '1.0.0': { code: GREET }, '2.0.0': { code: 'exports.welcome = () => 1;' } }),
  ...versions('modern', {
    '1.0.0': { code: GREET },
    '2.0.0': { code: GREET, manifest: { engines: { node: '>=22' } } },
  }),
  ...versions('host', { '1.0.0': { code: GREET }, '2.0.0': { code: GREET } }),
  ...versions('plugin', {
    '1.0.0': { code: GREET, manifest: { peerDependencies: { host: '>=1' } } },
    '2.0.0': { code: GREET, manifest: { peerDependencies: { host: '^1.0.0' } } },
  }),
  ...versions('callable', {
    '1.0.0': { code: "module.exports = (name) => 'Hello ' + name;" },
    '2.0.0': { code: "exports.callable = (name) => 'Hello ' + name;" },
  }),
  ...versions('server', {
    '1.0.0': { code: "exports.answer = 'fine';" },
    '2.0.0': { code: 'throw new Error("It does not start any more");' },
  }),
];

interface FixtureProject {
  readonly files: Readonly<Record<string, string>>;
}

const manifest = (parts: Readonly<Record<string, unknown>>): string =>
  `${JSON.stringify({ version: '1.0.0', ...parts }, null, 2)}\n`;

const GREETS = (names: readonly string[]): string =>
  [
    "console.log('TAP version 13');",
    'let count = 0; let failed = 0;',
    ...names.map(
      (name) =>
        `{ let ok = false; try { ok = require('${name}').greet('you') === 'Hello you'; } catch (error) { console.log(error.stack); } count += 1; if (!ok) failed += 1; console.log((ok ? 'ok ' : 'not ok ') + count + ' - ${name} greets'); }`,
    ),
    "console.log('1..' + count);",
    'process.exit(failed === 0 ? 0 : 1);',
    '',
  ].join('\n');

const workspace = (name: string, dependencies: Readonly<Record<string, string>>): string =>
  manifest({ name, private: true, scripts: { test: 'node test.js' }, dependencies });

/** Two workspaces share one upgrade that holds, one of them needs the other, and one upgrade breaks one of them. */
const WORKSPACES: Readonly<Record<string, string>> = {
  'packages/shop/package.json': workspace('shop', { good: '^1.0.0', till: '1.0.0' }),
  'packages/shop/test.js': GREETS(['good', 'till']),
  'packages/till/package.json': workspace('till', { breaking: '^1.0.0', good: '~1.0.0' }),
  'packages/till/index.js': "exports.greet = require('good').greet;\n",
  'packages/till/test.js': GREETS(['good', 'breaking']),
};
const MONOREPO = manifest({ name: 'monorepo', private: true, workspaces: ['packages/*'] });

const PROJECTS = {
  /** Its tests remove themselves: only the first run of them finds the project as it was. */
  'self-deleting': {
    files: {
      'package.json': manifest({
        name: 'self-deleting',
        scripts: { test: 'node test.js' },
        dependencies: { good: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': `require('node:fs').unlinkSync(__filename);\n${GREETS(['good'])}`,
    },
  },
  /** Its tests ask a database that no trial has; what is loaded tells one upgrade from the other. */
  'needs-database': {
    files: {
      'package.json': manifest({
        name: 'needs-database',
        scripts: { test: 'node test.js' },
        dependencies: { good: '^1.0.0', server: '^1.0.0' },
      }),
      'index.js': "require('server');\nexports.greet = require('good').greet;\n",
      'test.js': "require('node:net').connect(5432, '127.0.0.1');\n",
    },
  },
  /** Green only where the install script of what it depends on may run. */
  'needs-script': {
    files: {
      'package.json': manifest({
        name: 'needs-script',
        scripts: { test: 'node test.js' },
        dependencies: { built: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': GREETS(['built']),
    },
  },
  /** Green as it is; what it upgrades to makes what it exports by an install script. */
  'grows-script': {
    files: {
      'package.json': manifest({
        name: 'grows-script',
        scripts: { test: 'node test.js' },
        dependencies: { growing: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': GREETS(['growing']),
    },
  },
  /** Two workspaces that need each other. */
  cyclic: {
    files: {
      'package.json': manifest({
        name: 'cyclic',
        private: true,
        workspaces: ['packages/*'],
        scripts: { test: 'node packages/hen/test.js' },
      }),
      'packages/hen/package.json': workspace('hen', { egg: '1.0.0', good: '^1.0.0' }),
      'packages/hen/index.js': "exports.greet = require('good').greet; require('egg');\n",
      'packages/hen/test.js': GREETS(['good', 'egg']),
      'packages/egg/package.json': workspace('egg', { hen: '1.0.0' }),
      'packages/egg/index.js': "exports.greet = (name) => require('hen').greet(name);\n",
      'packages/egg/test.js': GREETS(['hen']),
    },
  },
  monorepo: { files: { 'package.json': MONOREPO, ...WORKSPACES } },
  /** One of its workspaces takes from the catalog what the other declares itself. */
  'monorepo-pnpm': {
    files: {
      'package.json': manifest({ name: 'monorepo', private: true }),
      'pnpm-workspace.yaml': 'packages:\n  - packages/*\ncatalog:\n  good: ^1.0.0 # for all\n',
      ...WORKSPACES,
      'packages/shop/package.json': workspace('shop', { good: 'catalog:', till: 'workspace:*' }),
    },
  },
  'monorepo-yarn-classic': { files: { 'package.json': MONOREPO, 'yarn.lock': '', ...WORKSPACES } },
  'monorepo-yarn': {
    files: {
      'package.json': MONOREPO,
      '.yarnrc.yml': 'nodeLinker: node-modules\n',
      ...WORKSPACES,
    },
  },
  /** Two upgrades hold, one breaks, one changes nothing that is installed. */
  story: {
    files: {
      'package.json': manifest({
        name: 'story',
        engines: { node: '>=10' },
        scripts: { test: 'node test.js' },
        dependencies: { breaking: '^1.0.0', good: '^1.0.0', modern: '^1.0.0' },
        devDependencies: { '@scope/tool': '~1.0.0', newest: '^1.0.0' },
      }),
      'index.js': "exports.greet = require('good').greet;\n",
      'test.js': GREETS(['good', 'breaking', 'modern', '@scope/tool', 'newest']),
    },
  },
  /** One upgrade holds, one breaks: as little as a search needs. */
  pair: {
    files: {
      'package.json': manifest({
        name: 'pair',
        scripts: { test: 'node test.js' },
        dependencies: { breaking: '^1.0.0', good: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': GREETS(['good', 'breaking']),
    },
  },
  /** Its second run fails in each tree, and no upgrade is to blame. */
  wavering: {
    files: {
      'package.json': manifest({
        name: 'wavering',
        scripts: { test: 'node test.js' },
        dependencies: { good: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': [
        "const { existsSync, readFileSync, writeFileSync } = require('node:fs');",
        "const runs = existsSync('runs') ? Number(readFileSync('runs')) : 0;",
        "writeFileSync('runs', String(runs + 1));",
        'const bad = runs % 3 === 1;',
        "console.log('TAP version 13\\nok 1 - steady\\n' + (bad ? 'not ok' : 'ok') + ' 2 - wavers\\n1..2');",
        'process.exit(bad ? 1 : 0);',
        '',
      ].join('\n'),
    },
  },
  /** Its upgrade is red until the project takes one of its exports. */
  mendable: {
    files: {
      'package.json': manifest({
        name: 'mendable',
        scripts: { test: 'node test.js' },
        dependencies: { callable: '^1.0.0' },
      }),
      'index.js': "const callable = require('callable');\nexports.greet = (name) => callable(name);\n",
      'test.js': GREETS(['./index.js']),
    },
  },
  /** Host 2 and plugin 2 are each green, and never together. */
  conflict: {
    files: {
      'package.json': manifest({
        name: 'conflict',
        scripts: { test: 'node test.js' },
        dependencies: { host: '^1.0.0', plugin: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': GREETS(['host', 'plugin']),
    },
  },
  /** No tests: judged by starting it and asking it on loopback. */
  service: {
    files: {
      'package.json': manifest({
        name: 'service',
        scripts: { start: 'node server.js' },
        dependencies: { good: '^1.0.0', server: '^1.0.0' },
      }),
      'server.js': [
        "const { answer } = require('server');",
        "require('good');",
        "require('node:http').createServer((_request, response) => response.end(answer)).listen(process.env.PORT, '127.0.0.1');",
        '',
      ].join('\n'),
    },
  },
  /** Its tests fail before anything is changed. */
  red: {
    files: {
      'package.json': manifest({ name: 'red', scripts: { test: 'node test.js' }, dependencies: { good: '^1.0.0' } }),
      'index.js': '',
      'test.js': "console.log('TAP version 13\\nnot ok 1 - was red before\\n1..1'); process.exit(1);\n",
    },
  },
  /** Its tests never end. */
  hanging: {
    files: {
      'package.json': manifest({
        name: 'hanging',
        scripts: { test: 'node test.js' },
        dependencies: { good: '^1.0.0' },
      }),
      'index.js': '',
      'test.js': 'setInterval(() => undefined, 1000);\n',
    },
  },
  /** Its tests print without end. */
  chatty: {
    files: {
      'package.json': manifest({ name: 'chatty', scripts: { test: 'node test.js' }, dependencies: { good: '^1.0.0' } }),
      'index.js': '',
      'test.js':
        "const line = 'x'.repeat(1000) + '\\n'; const write = () => { while (process.stdout.write(line)); process.stdout.once('drain', write); }; write();\n",
    },
  },
} as const satisfies Readonly<Record<string, FixtureProject>>;

export type ProjectName = keyof typeof PROJECTS;

/** Writes a project into a folder and gives that folder. */
export function writeProject(folder: string, name: ProjectName): string {
  for (const [file, text] of Object.entries(PROJECTS[name].files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

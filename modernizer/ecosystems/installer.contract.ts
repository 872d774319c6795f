// What Tandem relies on of a package manager, run over each of them in a real sandbox against a registry on loopback.
// `npm test` runs the part of it that is quick, the journey package-managers all of it.

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { mebibytes, minutes } from 'kernel/basics';
import { openSandbox, type Outcome, type Phase, type Sandbox } from 'kernel/sandbox';

import {
  startLoopbackRegistry,
  type FixturePackage,
  type LoopbackRegistry,
  type RegistryFault,
} from '../../tests/loopback-registry/index.ts';
import { confineSettings } from '../validating/confine-settings.ts';
import { readManifest } from './npm/manifest.ts';
import type { Installer, Tree } from './installer.ts';
import type { WorkspaceManifest } from './workspaces.ts';

vi.setConfig({ testTimeout: minutes(2), hookTimeout: minutes(1) });

const RUNS_SCRIPT = { scripts: { postinstall: "node -e \"require('fs').writeFileSync('ran','')\"" } };
const PACKAGES: readonly FixturePackage[] = [
  { name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = 1;' } },
  { name: 'left', version: '1.1.0', files: { 'index.js': 'module.exports = 1.1;' } },
  { name: 'left', version: '2.0.0', manifest: { dependencies: { '@scope/right': '^1.0.0' } } },
  { name: '@scope/right', version: '1.0.0', manifest: RUNS_SCRIPT, files: { 'index.js': '' } },
  {
    name: 'tool',
    version: '1.0.0',
    manifest: { bin: './cli.js' },
    files: { 'cli.js': "#!/usr/bin/env node\nconsole.log('tool runs');" },
  },
];

const LIMITS = { wallMs: minutes(1), outputBytesMax: 1 << 20, processesMax: 256, memoryBytesMax: mebibytes(2048) };

type Files = Readonly<Record<string, string | object>>;

/** `whole`: everything, a minute of two processors for all of them; else what an installation stands and falls with. */
export function testInstaller(installer: Installer, whole: boolean): void {
  describe(installer.title, () => {
    let registry: LoopbackRegistry;
    let sandbox: Sandbox;
    let folder = '';
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), `tandem-${installer.name}-`));
      registry = await startLoopbackRegistry({ packages: PACKAGES });
      const opened = await openSandbox({ registry: registry.url, scratch: join(folder, 'scratch') });
      if (opened.kind === 'refused') throw new Error(opened.reason);
      ({ sandbox } = opened);
    });
    afterAll(async () => {
      await sandbox.close();
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    });

    let made = 0;
    const projectOf = async (files: Files): Promise<string> => {
      made += 1;
      const project = join(folder, `project-${made}`);
      const all = {
        ...(installer.settings === null ? {} : { [installer.settings.file]: 'nodeLinker: node-modules\n' }),
        ...files,
      };
      for (const [name, content] of Object.entries(all)) {
        mkdirSync(dirname(join(project, name)), { recursive: true });
        writeFileSync(join(project, name), typeof content === 'string' ? content : JSON.stringify(content));
      }
      await confineSettings(installer, project);
      return project;
    };
    const run = (project: string, argv: readonly [string, ...string[]], phase: Phase = 'install'): Promise<Outcome> => {
      return sandbox.run({ ...installer.job, phase, project, argv, limits: LIMITS, cache: join(folder, 'cache') });
    };
    const lockIn = (project: string): string => readFileSync(join(project, installer.lockfile), 'utf8');
    const keptLock = (project: string, before: string | null = null): string =>
      installer.fromSandbox(lockIn(project), registry.url, before);
    const treeOf = (project: string, places: readonly string[] = ['']): Tree => {
      const reading = installer.readLockfile(
        keptLock(project),
        places.map((place) => manifestAt(project, place)),
      );
      if (reading.kind === 'unreadable') throw new Error(reading.reason);
      return reading.tree;
    };
    const installed = async (files: Files): Promise<string> => {
      const project = await projectOf(files);
      expect(await run(project, installer.install.argv)).toMatchObject({ kind: 'exited', code: 0 });
      return project;
    };
    const needing = (range: string, more: object = {}): Files => ({
      'package.json': { name: 'shop', version: '1.0.0', dependencies: { left: range }, ...more },
    });

    const withRegistry = async <Result>(
      packages: readonly FixturePackage[],
      fault: RegistryFault | null,
      use: (run: (project: string) => Promise<Outcome>, url: string) => Promise<Result>,
    ): Promise<Result> => {
      const own = await startLoopbackRegistry({ packages, ...(fault === null ? {} : { faults: { '*': fault } }) });
      const opened = await openSandbox({ registry: own.url, scratch: join(folder, 'scratch') });
      if (opened.kind === 'refused') throw new Error(opened.reason);
      const cache = mkdtempSync(join(folder, 'cache-'));
      const { argv } = installer.install;
      try {
        return await use(
          (project) => opened.sandbox.run({ ...installer.job, phase: 'install', project, argv, limits: LIMITS, cache }),
          own.url,
        );
      } finally {
        await opened.sandbox.close();
        await own.close();
      }
    };
    /** As it was made when there was nothing newer. */
    const lockOfEarlier = (files: Files, packages = PACKAGES.slice(0, 1)): Promise<string> =>
      withRegistry(packages, null, async (install, url) => {
        const project = await projectOf(files);
        expect(await install(project)).toMatchObject({ kind: 'exited', code: 0 });
        return installer.fromSandbox(lockIn(project), url, null).replaceAll(url, registry.url);
      });

    test.concurrent(
      'what the lockfile says is installed, also where the range allows newer, and the lockfile stays',
      async () => {
        const lock = await lockOfEarlier(needing('^1.0.0'));
        const kept = installer.toSandbox(lock, registry.url);
        const project = await installed({ ...needing('^1.0.0'), [installer.lockfile]: kept });
        expect(versionOf(project, 'left')).toBe('1.0.0');
        expect(keptLock(project, lock)).toBe(lock);
      },
    );

    test.concurrent(
      'no script of a package or of the project runs while installing, and no plugin of the project',
      async () => {
        const evil = "require('fs').writeFileSync('ran','');";
        const project = await installed({
          ...needing('^2.0.0', { scripts: { postinstall: "node -e \"require('fs').writeFileSync('ran','')\"" } }),
          '.pnpmfile.cjs': evil,
          '.yarnrc': 'yarn-path "./evil.js"\n',
          'evil.js': evil,
          'yarn.config.cjs': evil,
          'plugin.cjs': `${evil} module.exports = { name: 'evil', factory: () => ({}) };`,
          ...(installer.settings === null
            ? {}
            : {
                '.yarnrc.yml':
                  'nodeLinker: node-modules\nyarnPath: evil.js\nenableConstraintsChecks: true\nplugins:\n  - path: plugin.cjs\n    spec: evil\n',
              }),
        });
        expect(findFiles(project, 'ran')).toEqual([]);
      },
    );

    test.concurrent('a script of the project runs without a network, and finds what is installed', async () => {
      const project = await installed({
        'package.json': {
          name: 'shop',
          version: '1.0.0',
          // Whatever version a project names, the pinned one runs.
          packageManager: `${installer.title.split(' ')[0]?.toLowerCase()}@0.0.1`,
          scripts: { test: `tool && ${installer.script('build')}`, build: 'node -p 42' },
          devDependencies: { tool: '^1.0.0' },
        },
      });
      const outcome = await run(project, ['sh', '-c', installer.script('test')], 'run');
      expect([outcome.kind, outcome.output]).toEqual(['exited', outcome.output]);
      expect(outcome.output).toMatch(/tool runs[\s\S]*42/);
    });

    if (!whole) {
      test.skip('the rest of its contract is left out: it takes a minute (npm run journeys package-managers)');
      return;
    }

    test.concurrent(
      'resolving makes a lockfile that says what is installed, and names no address of the sandbox',
      async () => {
        const project = await projectOf(needing('^1.0.0'));
        expect(await run(project, installer.resolve.argv)).toMatchObject({ kind: 'exited', code: 0 });
        expect(treeOf(project).installed({ place: '', name: 'left', range: '^1.0.0' })).toBe('1.1.0');
        expect(treeOf(project).installed({ place: '', name: 'right', range: '^1.0.0' })).toBeNull();
        expect(keptLock(project)).not.toContain('127.0.0.1:4873');
      },
    );

    test.concurrent('a raised range changes the lockfile, and equal trees have equal hashes', async () => {
      const [first, same, other] = [
        await installed(needing('^1.0.0')),
        await installed(needing('^1.1.0')),
        await installed(needing('^2.0.0')),
      ];
      expect(treeOf(first).hash).toBe(treeOf(same).hash);
      expect(treeOf(other).hash).not.toBe(treeOf(first).hash);
      expect(versionOf(other, 'left')).toBe('2.0.0');
    });

    test.concurrent('no file of a tree is shared with another one or with the cache', async () => {
      const project = await installed(needing('^1.0.0'));
      expect(statSync(join(project, 'node_modules/left/index.js')).nlink).toBe(1);
    });

    test.concurrent('workspaces are installed together, each with the version that it asks for', async () => {
      const of = (name: string, dependencies: object): object => ({
        name,
        version: '1.0.0',
        dependencies,
        scripts: { test: `echo here is ${name}` },
      });
      const project = await installed({
        'package.json': { name: 'shop', version: '1.0.0', private: true, workspaces: ['packages/*'] },
        'pnpm-workspace.yaml': 'packages:\n  - packages/*\n',
        'packages/a/package.json': of('a', { left: '^1.0.0' }),
        'packages/b/package.json': of('b', { left: '^2.0.0' }),
      });
      const tree = treeOf(project, ['', 'packages/a', 'packages/b']);
      expect(tree.installed({ place: 'packages/a', name: 'left', range: '^1.0.0' })).toBe('1.1.0');
      expect(tree.installed({ place: 'packages/b', name: 'left', range: '^2.0.0' })).toBe('2.0.0');
      const command = installer.script('test', { place: 'packages/b', name: 'b' });
      const outcome = await run(project, ['sh', '-c', command], 'run');
      expect(outcome.stdout).toContain('here is b');
      expect(outcome.stdout).not.toContain('here is a');
    });

    test.concurrent.each([
      ['a version that does not exist', needing('^9.0.0'), null, 'registry-incomplete'],
      [
        'a package that does not exist',
        { 'package.json': { name: 'x', dependencies: { absent: '^1.0.0' } } },
        null,
        'registry-incomplete',
      ],
      ['a registry that breaks off', needing('2.0.0'), 'down', 'registry-down'],
      ['a registry that fails', needing('2.0.0'), 'status-500', 'registry-down'],
    ] as const)('%s is told as what it is', async (_what, files, fault, kind) => {
      const outcome = await withRegistry(PACKAGES, fault, async (install) => install(await projectOf(files)));
      expect(outcome).toMatchObject({ kind: 'exited' });
      expect(`${installer.readFailure(outcome.output).kind}: ${outcome.output}`).toMatch(new RegExp(`^${kind}:`));
    });

    test.concurrent('other bytes than the lockfile promises are not installed, and told as that', async () => {
      const others = [{ name: 'left', version: '1.0.0', files: { 'index.js': 'module.exports = "evil";' } }];
      const lock = await lockOfEarlier(needing('^1.0.0'), others);
      const project = await projectOf({
        ...needing('^1.0.0'),
        [installer.lockfile]: installer.toSandbox(lock, registry.url),
      });
      const outcome = await run(project, installer.install.argv);
      expect(outcome).toMatchObject({ kind: 'exited', code: 1 });
      expect(`${installer.readFailure(outcome.output).kind}: ${outcome.output}`).toMatch(/^registry-incomplete:/);
    });

    test.concurrent('a lockfile that is cut off or holds a merge conflict cannot be read, with a reason', async () => {
      const lock = keptLock(await installed(needing('^1.0.0')));
      const texts = [`<<<<<<< HEAD\n${lock}=======\n${lock}>>>>>>> other\n`, '{"a": ['];
      for (const text of texts) expect(installer.readLockfile(text, [])).toMatchObject({ kind: 'unreadable' });
    });
  });
}

function manifestAt(project: string, place: string): WorkspaceManifest {
  const reading = readManifest(readFileSync(join(project, place, 'package.json'), 'utf8'));
  if (reading.kind === 'unreadable') throw new Error(reading.reason);
  return { place, manifest: reading.manifest };
}

const versionOf = (project: string, name: string): unknown => {
  const manifest: unknown = JSON.parse(readFileSync(join(project, 'node_modules', name, 'package.json'), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
};

function findFiles(folder: string, name: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.split('/').at(-1) === name);
}

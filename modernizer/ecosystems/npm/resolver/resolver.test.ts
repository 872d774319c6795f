import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { instant, manualClock, mebibytes, minutes, seconds, systemClock } from 'kernel/basics';
import { openSandbox, probeSandbox, type Job, type Outcome, type Sandbox } from 'kernel/sandbox';

import { startLoopbackRegistry, type LoopbackRegistry } from '../../../../tests/loopback-registry/index.ts';
import { JOB_ENVIRONMENT } from '../../../validating/run-step.ts';
import { NPM } from '../npm.ts';
import { openResolver, type Resolver } from './resolver.ts';

vi.setConfig({ testTimeout: minutes(2), hookTimeout: minutes(1) });

const PACKAGES = [
  { name: 'left', version: '1.0.0' },
  { name: 'left', version: '2.0.0', manifest: { dependencies: { right: '^1.0.0' } } },
  { name: 'right', version: '1.0.0', manifest: { peerDependencies: { deep: '>=1' } } },
  { name: 'deep', version: '1.0.0' },
  { name: 'deep', version: '1.1.0' },
  { name: 'needs-old', version: '1.0.0', manifest: { peerDependencies: { left: '^1.0.0' } } },
];
const LIMITS = { wallMs: minutes(1), outputBytesMax: 1 << 20, processesMax: 256, memoryBytesMax: mebibytes(2048) };
const never = new AbortController().signal;

const probe = await probeSandbox({
  registry: 'https://registry.npmjs.org/',
  scratch: mkdtempSync(join(tmpdir(), 'tandem-probe-')),
});

describe.each(probe.kind === 'ready' ? (['confined', 'unsafe-host'] as const) : (['unsafe-host'] as const))(
  'npm that stays, %s',
  (confinement) => {
    let registry: LoopbackRegistry;
    let sandbox: Sandbox;
    let resolver: Resolver;
    let folder = '';
    beforeAll(async () => {
      // Longer than the path of a socket may be.
      folder = join(mkdtempSync(join(tmpdir(), 'tandem-resolver-')), 'l'.repeat(100));
      mkdirSync(folder);
      registry = await startLoopbackRegistry({ packages: PACKAGES });
      const backEnd = confinement === 'confined' ? {} : { backEnd: confinement };
      const opened = await openSandbox({ registry: registry.url, scratch: join(folder, 'scratch'), ...backEnd });
      if (opened.kind === 'refused') throw new Error(opened.reason);
      ({ sandbox } = opened);
      resolver = resolverIn('place');
    });
    afterAll(async () => {
      await resolver.close();
      await sandbox.close();
      await registry.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const resolverIn = (name: string): Resolver =>
      openResolver({
        sandbox,
        cache: join(folder, 'cache'),
        clock: systemClock,
        place: join(folder, name),
        env: JOB_ENVIRONMENT,
      });

    let made = 0;
    const projectOf = (manifest: object, files: Readonly<Record<string, string>> = {}): string => {
      made += 1;
      const project = join(folder, `project-${made}`);
      mkdirSync(project);
      const all = { 'package.json': JSON.stringify({ name: 'x', version: '1.0.0', ...manifest }), ...files };
      for (const [name, text] of Object.entries(all)) writeFileSync(join(project, name), text);
      return project;
    };
    const byCommand = async (project: string): Promise<string> => {
      const argv = NPM.resolve.argv;
      const limits = LIMITS;
      const outcome = await sandbox.run({ phase: 'install', project, argv, limits, cache: join(folder, 'cache') });
      expect(`${outcome.kind}: ${outcome.output}`).toMatch(/^exited/);
      return readFileSync(join(project, 'package-lock.json'), 'utf8');
    };

    test('it says what npm’s own command writes, from nothing, over a lockfile and by the project’s settings', async () => {
      const bare = projectOf({ dependencies: { left: '^2.0.0' }, devDependencies: { deep: '1.0.0' } });
      const first = await resolver.lockfileFor(bare, never);
      expect(first).toContain('node_modules/right');
      expect(first).toBe(await byCommand(bare));

      const locked = { 'package-lock.json': first ?? '' };
      const raised = projectOf({ dependencies: { left: '^2.0.0' }, devDependencies: { deep: '^1.0.0' } }, locked);
      const over = await resolver.lockfileFor(raised, never);
      // The lockfile's own version is kept, though a newer one would do.
      expect(over).toContain('"version": "1.0.0"');
      expect(over).toBe(await byCommand(raised));

      const settings = { '.npmrc': 'legacy-peer-deps=true\n' };
      const own = projectOf({ dependencies: { left: '^2.0.0', 'needs-old': '1.0.0' } }, settings);
      const lenient = await resolver.lockfileFor(own, never);
      expect(lenient).toContain('needs-old');
      expect(lenient).toBe(await byCommand(own));
      // Its settings are its own: the next question knows nothing of them.
      const strict = projectOf({ dependencies: { left: '^2.0.0', 'needs-old': '1.0.0' } });
      expect(await resolver.lockfileFor(strict, never)).toBeNull();
    });

    test.each([
      ['a refusal', { dependencies: { left: '^2.0.0', 'needs-old': '1.0.0' } }],
      ['a package that nobody has', { dependencies: { nobody: '^1.0.0' } }],
      ['a place on disk', { dependencies: { left: 'file:../left' } }],
      ['an address', { dependencies: { left: 'https://elsewhere.example/left.tgz' } }],
      ['workspaces', { workspaces: ['packages/*'] }],
      ['ranges that are none', { dependencies: { left: 7 } }],
    ])('%s is left to npm’s own command', async (_what, manifest) => {
      expect(await resolver.lockfileFor(projectOf(manifest), never)).toBeNull();
    });

    test('a manifest that is half written or a link is left to it, too, and whoever stopped gets no answer', async () => {
      const half = projectOf({}, { 'package.json': '{"name": "x", ' });
      expect(await resolver.lockfileFor(half, never)).toBeNull();
      const linked = projectOf({});
      rmSync(join(linked, 'package.json'));
      symlinkSync(join(half, 'package.json'), join(linked, 'package.json'));
      expect(await resolver.lockfileFor(linked, never)).toBeNull();
      const sound = projectOf({ dependencies: { left: '^1.0.0' } });
      expect(await resolver.lockfileFor(sound, AbortSignal.abort())).toBeNull();
      expect(await resolver.lockfileFor(sound, never)).toContain('left');
    });

    test('one that has ended answers nothing more, and leaves the sandbox as it was', async () => {
      const short = resolverIn('short');
      const project = projectOf({ dependencies: { left: '^1.0.0' } });
      expect(await short.lockfileFor(project, never)).toContain('left');
      await short.close();
      expect(await short.lockfileFor(project, never)).toBeNull();
      expect(await resolver.lockfileFor(project, never)).toContain('left');
    });
  },
);

describe('npm that hangs', () => {
  /** A program that runs until it is ended, and says that it is ready or nothing. */
  function hanging(says: string) {
    const clock = manualClock(instant(0));
    const folder = mkdtempSync(join(tmpdir(), 'tandem-hanging-'));
    const [project, place] = [join(folder, 'project'), join(folder, 'place')];
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{"dependencies":{"left":"^1.0.0"}}');
    let begun = 0;
    const [started, asked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run = (job: Job): Promise<Outcome> => {
      begun += 1;
      started.resolve();
      const server = createServer((client) => client.on('data', () => asked.resolve()).on('error', () => undefined));
      server.listen(join(job.project, 'ask.sock'), () => job.onOutput?.('stdout', says));
      const parts = { output: '', stdout: '', stderr: '', wallMs: 0, memoryBytesPeak: null };
      return new Promise((resolve) => {
        const end = (): void => {
          server.close();
          resolve({ kind: 'stopped', ...parts });
        };
        job.signal?.addEventListener('abort', end);
      });
    };
    const sandbox = { run, confinement: { unsafe: true } } as unknown as Sandbox;
    const hung = openResolver({ sandbox, cache: folder, clock, place, env: {} });
    return { clock, project, hung, started: started.promise, asked: asked.promise, begun: () => begun };
  }

  test('while it starts is waited for half a minute, and never begun again', async () => {
    const { clock, project, hung, started, begun } = hanging('');
    const answer = hung.lockfileFor(project, never);
    await started;
    await clock.advance(seconds(30));
    expect(await answer).toBeNull();
    expect(await hung.lockfileFor(project, never)).toBeNull();
    expect(begun()).toBe(1);
    await hung.close();
  });

  test('over a question is ended after two minutes, and asked nothing more', async () => {
    const { clock, project, hung, asked, begun } = hanging('ready\n');
    const answer = hung.lockfileFor(project, never);
    await asked;
    await clock.advance(minutes(2));
    expect(await answer).toBeNull();
    expect(await hung.lockfileFor(project, never)).toBeNull();
    expect(begun()).toBe(1);
    await hung.close();
  });
});

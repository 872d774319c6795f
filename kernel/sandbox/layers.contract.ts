// What every back end must do with a layer: show it, let it be changed, and keep what is below as it was.

import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mebibytes } from '../basics/index.ts';
import type { Job, Limits, Outcome, Sandbox } from './sandbox.ts';

interface LayerGround {
  readonly folder: string;
  readonly project: string;
  readonly sandbox: Sandbox;
  run(script: string, change?: Partial<Omit<Job, 'limits'>> & { readonly limits?: Partial<Limits> }): Promise<Outcome>;
}

export function testLayers(ground: () => LayerGround): void {
  test('a layer is seen and changed, the next job sees the change, and what is below stays as it was', async () => {
    const { folder, run, sandbox } = ground();
    expect(await sandbox.canLayer(join(folder, 'probed'))).toBe(true);
    const from = join(folder, 'below');
    mkdirSync(join(from, 'pack'), { recursive: true });
    writeFileSync(join(from, 'pack/index.js'), 'as it was', { mode: 0o644 });
    const below = lstatSync(join(from, 'pack/index.js'));
    const own = join(folder, 'layered');
    mkdirSync(own);
    const layers = [{ from, changes: join(folder, 'changes'), at: '/project/node_modules' }];
    const attack = [
      'cat node_modules/pack/index.js',
      'echo poison >node_modules/pack/index.js',
      'chmod 4777 node_modules/pack/index.js',
      'ln node_modules/pack/index.js node_modules/linked && echo poison >node_modules/linked',
      'rm -rf node_modules/pack/index.js; mv node_modules/pack node_modules/moved',
      'umount node_modules 2>/dev/null; mount -o remount,rw node_modules 2>/dev/null; echo new >node_modules/new',
    ];
    const first = await run(`${attack.join('; ')}; true`, { project: own, layers });
    expect(first).toMatchObject({ kind: 'exited', stdout: 'as it was' });
    const second = await run('ls node_modules', { project: own, layers });
    expect(second.stdout.split('\n')).toContain('new');
    expect(readdirSync(from, { recursive: true }).sort()).toEqual(['pack', 'pack/index.js']);
    expect(readFileSync(join(from, 'pack/index.js'), 'utf8')).toBe('as it was');
    const { mode, nlink, mtimeMs } = lstatSync(join(from, 'pack/index.js'));
    expect({ mode, nlink, mtimeMs }).toEqual({ mode: below.mode, nlink: below.nlink, mtimeMs: below.mtimeMs });
    const fresh = [{ from, changes: join(folder, 'other changes'), at: '/project/node_modules' }];
    expect((await run('cat node_modules/pack/index.js', { project: own, layers: fresh })).stdout).toBe('as it was');
  });

  test('what a job writes into a layer counts against its share of the disk', async () => {
    const { folder, run } = ground();
    const from = join(folder, 'below nothing');
    mkdirSync(from);
    const own = join(folder, 'full');
    mkdirSync(own);
    const layers = [{ from, changes: join(folder, 'full changes'), at: '/project/node_modules' }];
    const outcome = await run('cat /dev/zero >node_modules/full', {
      project: own,
      layers,
      limits: { diskBytesMax: mebibytes(32) },
    });
    expect(outcome.kind).toBe('too-much-disk');
  });

  test('a layer is not mounted through a link of the project, nor from a place with a comma', async () => {
    const { folder, project, run, sandbox } = ground();
    const own = join(folder, 'with link');
    mkdirSync(own);
    symlinkSync(folder, join(own, 'node_modules'));
    const layer = { from: project, changes: join(folder, 'refused'), at: '/project/node_modules' };
    await expect(run('true', { project: own, layers: [layer] })).rejects.toThrow('is a link');
    const changes = join(folder, 'a,b');
    await expect(run('true', { layers: [{ ...layer, changes }] })).rejects.toThrow('no layer may have');
    expect(await sandbox.canLayer(changes)).toBe(false);
  });
}

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { readShape } from '../differences/seen-api.ts';

/** The probe as the sandbox runs it, over a package of ours. */
function shapeOf(code: string, manifest: object = {}): ReturnType<typeof readShape> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-shape-'));
  try {
    mkdirSync(join(folder, 'node_modules/dep'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{}');
    writeFileSync(
      join(folder, 'node_modules/dep/package.json'),
      JSON.stringify({ name: 'dep', main: 'i.js', ...manifest }),
    );
    writeFileSync(join(folder, 'node_modules/dep/i.js'), code);
    const probe = join(import.meta.dirname, 'shape.mjs');
    return readShape(execFileSync(process.execPath, [probe, 'dep'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('functions, classes and their members are seen, and an ES module as a namespace', () => {
  const whole = shapeOf('module.exports = class A { static of() {} has(x) {} }; setInterval(() => {}, 1000);');
  expect(whole).toMatchObject({ kind: 'api', api: { form: 'whole' } });
  expect(whole?.kind === 'api' ? [...whole.api.offers.keys()] : []).toEqual(['', 'of', '#has']);
  expect(shapeOf('export default function f() {}', { type: 'module' })).toMatchObject({ api: { form: 'namespace' } });
});

test('an export that throws when it is looked at does not hide the others', () => {
  const seen = shapeOf(
    'exports.a = new Proxy(function () {}, { get() { throw new Error("no"); } }); Object.defineProperty(exports, "b", { enumerable: true, get() { throw new Error("no"); } }); exports.c = () => 1;',
  );
  expect(seen?.kind === 'api' ? seen.api.offers.get('c')?.kind : null).toBe('function');
});

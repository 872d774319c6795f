import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeTree } from './remove-tree.ts';

test('a tree deeper than a path can be long, a folder without rights and a link are removed, and nothing else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-remove-'));
  const tree = join(folder, 'tree');
  const kept = join(folder, 'kept');
  mkdirSync(join(tree, 'closed'), { recursive: true });
  mkdirSync(kept);
  writeFileSync(join(tree, 'closed', 'file'), 'x');
  writeFileSync(join(kept, 'file'), 'x');
  symlinkSync(kept, join(tree, 'link'));
  execFileSync('chmod', ['000', join(tree, 'closed')]);
  const dig = 'for (let n = 0; n < 1000; n += 1) { fs.mkdirSync("deepdeep"); process.chdir("deepdeep"); }';
  execFileSync(process.execPath, ['-e', dig], { cwd: tree });
  await removeTree(tree);
  expect(existsSync(tree)).toBe(false);
  expect(existsSync(join(kept, 'file'))).toBe(true);
  await removeTree(tree);
  await removeTree(folder);
  expect(existsSync(folder)).toBe(false);
});

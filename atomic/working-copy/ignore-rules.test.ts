import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import ignore from 'ignore';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { ignoreRules } from './ignore-rules.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'atomic-rules-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', 'ä', 'k', '-'), minLength: 1, maxLength: 3 });
const path = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('/'));
const pattern = fc.string({
  unit: fc.constantFrom('a', 'b', 'A', '.', '*', '**', '?', '/', '!', '#', '[ab]', '\\', ' ', 'ä', 'k', '-', '{'),
  maxLength: 6,
});
const isPath = (text: string): boolean => text.split('/').every((part) => !/^\.{1,2}$/.test(part));

test('patterns that cannot match are left out, and no answer is another', () => {
  fc.assert(
    fc.property(
      fc.array(pattern, { maxLength: 8 }),
      fc.array(path.filter(isPath), { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      (patterns, paths, isFolder) => {
        writeFileSync(join(root, '.gitignore'), patterns.join('\n'));
        const rules = ignoreRules(root);
        const plain = ignore({ allowRelativePaths: true }).add(patterns.join('\n'));
        for (const each of paths)
          expect(rules.isIgnored(each, isFolder)).toBe(plain.ignores(`${each}${isFolder ? '/' : ''}`));
      },
    ),
    { numRuns: 500 },
  );
});

test('what a negated pattern lets through comes after what hides it', () => {
  writeFileSync(join(root, '.gitignore'), '*.log\n!keep.log\nnode_modules/\n# not-a-rule\n');
  const rules = ignoreRules(root);
  const seen = ['a.log', 'keep.log', 'KEEP.LOG', 'a.txt', 'not-a-rule'].map((name) => rules.isIgnored(name, false));
  expect(seen).toEqual([true, false, false, false, false]);
  expect(['node_modules', 'sub/node_modules', '.git', '.atomic'].map((name) => rules.isIgnored(name, true))).toEqual([
    true,
    true,
    true,
    true,
  ]);
});

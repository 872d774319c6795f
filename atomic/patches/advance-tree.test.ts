import fc from 'fast-check';
import { expect, test } from 'vitest';

import { casesOr } from './cases.ts';
import { advanceTree, copyTree } from './advance-tree.ts';
import { fileTreeOf, type FileTree, type OwnFileTree, type TreeFact, type TreeFacts } from './file-tree.ts';

const questions = {
  compare: (a: number, b: number) => a - b,
  hasAliveText: () => false,
  hasSameText: () => false,
  shortHash: (patch: number) => `hash${patch}`,
};
const fold = (facts: readonly TreeFacts[]): OwnFileTree => fileTreeOf(facts, questions);
const seen = ({ entries, inodes, conflicts, pathsOf }: FileTree): unknown => [
  [...entries].sort(([a], [b]) => (a < b ? -1 : 1)),
  [...inodes]
    .filter(([inode]) => pathsOf(inode).length > 0)
    .sort(([a], [b]) => a - b)
    .map(([inode, { locates, metas, ...rest }]) => [inode, locates, [...metas].sort((a, b) => a.atom - b.atom), rest]),
  conflicts,
];

const move = fc.record({
  act: fc.nat(5),
  file: fc.nat(5),
  parent: fc.nat(3),
  name: fc.constantFrom('a', 'b', 'c'),
  older: fc.boolean(),
});

test('a tree that moves on by one patch is the tree that folding gives, or says that it cannot tell', () => {
  const told = { advanced: 0, folded: 0 };
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
      const all: TreeFacts[] = [];
      let tree = fold(all);
      let files = 0;
      for (const [index, { act, file, parent, name, older }] of moves.entries()) {
        const patch = index + 1;
        const directories = [...tree.inodes.values()]
          .filter(({ kind }) => kind === 'directory')
          .map(({ inode }) => inode);
        const at = { parent: directories[parent] ?? null, name };
        const inode = files === 0 ? 0 : file % files;
        const known = tree.inodes.get(inode);
        // Now and then somebody does not know of what was asserted last.
        const supersedes = older ? [] : (known?.locates ?? []);
        const facts: TreeFact[] = [];
        if (act < 2 || known === undefined) {
          facts.push({ kind: 'add-file', inode: files, n: 0, fileKind: act === 0 ? 'directory' : 'text' });
          facts.push({ kind: 'locate', atom: 1, inode: files, at, supersedes: [] });
          files += 1;
        } else if (act === 2) facts.push({ kind: 'locate', atom: 0, inode, at: null, supersedes });
        else if (act === 3) {
          const metas = known.metas
            .filter(({ key }) => key === 'executable')
            .map((meta) => ({ patch: meta.patch, atom: meta.atom }));
          facts.push({
            kind: 'set-meta',
            atom: 0,
            inode,
            key: 'executable',
            value: 'yes',
            supersedes: older ? [] : metas,
          });
        } else if (at.parent !== inode) facts.push({ kind: 'locate', atom: 0, inode, at, supersedes });
        const next = { patch, facts };
        all.push(next);
        const moved = copyTree(tree);
        const before = seen(tree);
        const isSure = advanceTree(moved, next);
        expect(seen(tree)).toEqual(before);
        const folded = fold(all);
        if (isSure) expect(seen(moved)).toEqual(seen(folded));
        told[isSure ? 'advanced' : 'folded'] += 1;
        tree = isSure ? moved : folded;
      }
    }),
    { numRuns: casesOr(400) },
  );
  expect(told.advanced).toBeGreaterThan(told.folded / 4);
});

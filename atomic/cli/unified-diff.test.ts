import fc from 'fast-check';
import { expect, test } from 'vitest';

import { diffGroups, groupHead, unifiedLines } from './unified-diff.ts';
import { PLAIN } from './paint.ts';

const side = (text: string): { path: string; kind: 'text'; isExecutable: boolean; bytes: Buffer } => ({
  path: 'a',
  kind: 'text',
  isExecutable: false,
  bytes: Buffer.from(text),
});

/** What `patch` does, without any tolerance. */
function patched(before: string, groups: ReturnType<typeof diffGroups>): string {
  const lines = before.split(/(?<=\n)/);
  const out: string[] = [];
  let at = 0;
  for (const { oldStart, oldLines, lines: own } of groups ?? []) {
    const from = oldLines === 0 ? oldStart : oldStart - 1;
    while (at < from) out.push(lines[at++] ?? '');
    for (const [index, line] of own.entries()) {
      if (line.startsWith('\\')) continue;
      const text = line.slice(1) + (own[index + 1]?.startsWith('\\') === true ? '' : '\n');
      if (!line.startsWith('+')) expect(lines[at++]).toBe(text);
      if (!line.startsWith('-')) out.push(text);
    }
  }
  return out.concat(lines.slice(at)).join('');
}

const text = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'x\r\n', 'end'), { maxLength: 30 })
  .map((all) => all.join(''));

test('a unified diff makes the one text of the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(patched(before, diffGroups({ before: side(before), after: side(after) }))).toBe(after);
    }),
    { numRuns: 500 },
  );
});

test('groups count their lines as patch does', () => {
  const [group] = diffGroups({ before: null, after: side('a\nb\n') }) ?? [];
  expect(group && groupHead(group)).toBe('@@ -0,0 +1,2 @@');
});

test('a file that is not text is named only', () => {
  const binary = { ...side('\0'), kind: 'binary' as const };
  const lines = [...unifiedLines({ before: binary, after: { ...binary, bytes: Buffer.from('\0\0') } }, LOOK)];
  expect(lines.at(-1)).toBe('Binary file a differs (1 to 2 bytes)');
});

const LOOK = { paint: PLAIN, shown: (line: string): string => line };

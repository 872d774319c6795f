// Bundles the atomic command into .build/atomic: one entry and a chunk for each command, loaded when it is used.
// Rule: a bundle that is not older than any source is left as it is. Written beside its place and renamed into it, so that
// nobody ever starts half of one; whoever builds at the same moment builds the same.
// Plain JavaScript, for Node 20: `npm start` and `npm test` may call it before the pinned Node is there.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './places.mjs';

const FOLDER = join(ROOT, '.build', 'atomic');
const ENTRY = 'atomic.mjs';
const SOURCES = ['atomic', 'kernel/basics', 'kernel/terminal'];

/** Whether the bundle is there and no source is newer. */
export function isFresh() {
  const bundle = join(FOLDER, ENTRY);
  if (!existsSync(bundle)) return false;
  const builtAt = statSync(bundle).mtimeMs;
  return sources().every((path) => statSync(path).mtimeMs <= builtAt);
}

function sources() {
  return SOURCES.flatMap((place) => filesIn(join(ROOT, place)));
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

export async function buildAtomic() {
  const { build } = await import('rolldown');
  const beside = `${FOLDER}-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  try {
    await build({
      input: { atomic: join(ROOT, 'atomic/cli/bundled.ts') },
      platform: 'node',
      logLevel: 'warn',
      external: [/^node:/],
      output: {
        dir: beside,
        format: 'esm',
        entryFileNames: '[name].mjs',
        chunkFileNames: 'parts/[name]-[hash].mjs',
        minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
      },
    });
    // What a running command may still load stays where it is: only the entry's name is taken over.
    mkdirSync(join(FOLDER, 'parts'), { recursive: true });
    for (const part of readdirSync(join(beside, 'parts'))) {
      renameSync(join(beside, 'parts', part), join(FOLDER, 'parts', part));
    }
    renameSync(join(beside, ENTRY), join(FOLDER, ENTRY));
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  if (!isFresh()) await buildAtomic();
}

// Bundles the atomic command into .build/atomic: one entry and a part for each command, loaded when it is used, and the hooks
// of agents as a program of their own. CommonJS: Node starts it sooner than modules.
// Rule: a bundle that is not older than any source is left as it is. Written beside its place and renamed into it, so that
// nobody ever starts half of one; whoever builds at the same moment builds the same.
// Plain JavaScript, for Node 20: `npm start` and `npm test` may call it before the pinned Node is there.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './places.mjs';

const FOLDER = join(ROOT, '.build', 'atomic');
/** By name: the source each bundle begins with. */
const ENTRIES = { atomic: 'atomic/cli/bundled.ts', hook: 'atomic/cli/bundled-hook.ts' };
const LOCK = join(ROOT, '.build', 'atomic.lock');
/** A build takes a second; one that is older has died. */
const LOCK_MS_MAX = 60_000;
const PART_MS_MAX = 24 * 3600 * 1000;
const SOURCES = ['atomic', 'kernel/basics', 'kernel/terminal'];

/** Whether the bundles are there and no source is newer. */
export function isFresh() {
  const bundles = Object.keys(ENTRIES).map((name) => join(FOLDER, `${name}.cjs`));
  if (!bundles.every((bundle) => existsSync(bundle))) return false;
  const builtAt = Math.min(...bundles.map((bundle) => statSync(bundle).mtimeMs));
  return sources().every((path) => statSync(path).mtimeMs <= builtAt);
}

function sources() {
  return SOURCES.flatMap((place) => filesIn(join(ROOT, place)));
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return path.endsWith('.ts') && !path.endsWith('.test.ts') ? [path] : [];
  });
}

/** Commander loads it for commands that are programs of their own; there are none, and loading takes two milliseconds. */
const withoutChildProcess = {
  name: 'without-child-process',
  transform: (code, id) =>
    id.endsWith('/commander/lib/command.js') ? code.replace("require('node:child_process')", '{}') : null,
};

export async function buildAtomic() {
  // A source that is written while this runs is newer than what comes out.
  const startedAt = new Date();
  const beside = `${FOLDER}-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  try {
    // Each for itself: of what both are made of, a hook would load the parts one by one.
    for (const name of Object.keys(ENTRIES)) await bundleInto(beside, name);
    // What a running command may still load stays where it is: only the entries' names are taken over.
    mkdirSync(join(FOLDER, 'parts'), { recursive: true });
    for (const part of readdirSync(join(beside, 'parts'))) {
      renameSync(join(beside, 'parts', part), join(FOLDER, 'parts', part));
    }
    for (const name of Object.keys(ENTRIES)) {
      utimesSync(join(beside, `${name}.cjs`), startedAt, startedAt);
      renameSync(join(beside, `${name}.cjs`), join(FOLDER, `${name}.cjs`));
    }
    forgetParts();
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

async function bundleInto(folder, name) {
  const { build } = await import('rolldown');
  await build({
    input: { [name]: join(ROOT, ENTRIES[name]) },
    platform: 'node',
    logLevel: 'warn',
    external: [/^node:/],
    // The sources' own entry is not this one's.
    transform: { define: { 'import.meta.main': 'false' } },
    plugins: [withoutChildProcess],
    output: {
      dir: folder,
      format: 'cjs',
      entryFileNames: '[name].cjs',
      chunkFileNames: 'parts/[name]-[hash].cjs',
      minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    },
  });
}

/** Parts of earlier bundles, once nobody can be running them any more: they are not of this one, and a day old. */
function forgetParts() {
  const folder = join(FOLDER, 'parts');
  for (const part of readdirSync(folder)) {
    const path = join(folder, part);
    if (Date.now() - statSync(path).mtimeMs > PART_MS_MAX) rmSync(path, { force: true });
  }
}

/** One build at a time: whoever comes while another builds leaves it to that one. */
async function buildAlone() {
  mkdirSync(join(ROOT, '.build'), { recursive: true });
  const isHeld = existsSync(LOCK) && Date.now() - statSync(LOCK).mtimeMs < LOCK_MS_MAX;
  if (isHeld) return;
  rmSync(LOCK, { recursive: true, force: true });
  try {
    mkdirSync(LOCK);
  } catch {
    // Another was faster.
    return;
  }
  try {
    await buildAtomic();
  } finally {
    rmSync(LOCK, { recursive: true, force: true });
  }
}

if (process.argv[1] !== undefined && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  if (!isFresh()) await buildAlone();
}

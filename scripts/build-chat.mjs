// Bundles what Chat gives to browsers into .build/chat: the headless SDK, the element, the loader for other people's pages,
// and the page inside its frame.
// Rule: what is not older than any source is left as it is; written beside its place and renamed into it.
// Plain JavaScript, for Node 20: `npm start` and `npm test` may call it before the pinned Node is there.

import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { BUILD, ROOT } from './places.mjs';

const FOLDER = join(BUILD, 'chat');
/** By name: the source each bundle begins with, and what it is: a module, or a script that any page can name. */
const ENTRIES = {
  sdk: { source: 'sdk-entry.ts', format: 'es' },
  element: { source: 'element-entry.ts', format: 'es' },
  frame: { source: 'frame-entry.ts', format: 'es' },
  embed: { source: 'embed-entry.ts', format: 'iife' },
};
const COPIED = ['frame.html'];
const SOURCES = ['chat', 'kernel/basics', 'kernel/protocol', 'package-lock.json'];

export function isChatFresh() {
  const built = [...Object.keys(ENTRIES).map((name) => `${name}.js`), ...COPIED].map((file) => join(FOLDER, file));
  if (!built.every((file) => existsSync(file))) return false;
  const builtAt = Math.min(...built.map((file) => statSync(file).mtimeMs));
  return SOURCES.flatMap((place) => filesIn(join(ROOT, place))).every((path) => statSync(path).mtimeMs <= builtAt);
}

function filesIn(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place, { withFileTypes: true }).flatMap((entry) => {
    const path = join(place, entry.name);
    if (entry.isDirectory()) return /^(?:node_modules|fixtures|conversations)$/.test(entry.name) ? [] : filesIn(path);
    return /\.(?:ts|html)$/.test(path) && !/\.(?:test|contract)\.ts$/.test(path) ? [path] : [];
  });
}

/** @param folder Where to; the place from which they are served where it is left out. */
export async function buildChat(folder = FOLDER) {
  // A source that is written while this runs is newer than what comes out.
  const startedAt = new Date();
  const beside = `${folder}-${process.pid}`;
  mkdirSync(beside, { recursive: true });
  mkdirSync(folder, { recursive: true });
  try {
    for (const [name, { source, format }] of Object.entries(ENTRIES)) await bundle(beside, name, source, format);
    for (const file of COPIED) copyFileSync(join(ROOT, 'chat/element', file), join(beside, file));
    for (const file of readdirSync(beside)) {
      utimesSync(join(beside, file), startedAt, startedAt);
      renameSync(join(beside, file), join(folder, file));
    }
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

async function bundle(folder, name, source, format) {
  const { build } = await import('rolldown');
  await build({
    input: { [name]: join(ROOT, 'chat/element', source) },
    platform: 'browser',
    logLevel: 'warn',
    // Only the entries do something by being loaded; what a bundle does not use, it does not have.
    treeshake: { moduleSideEffects: (id) => /\/chat\/element\/[a-z]+-entry\.ts$/.test(id) },
    transform: { target: 'es2023' },
    output: { dir: folder, format, entryFileNames: '[name].js', minify: true, codeSplitting: false },
  });
}

if (process.argv[1] !== undefined && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  if (!isChatFresh()) await buildChat();
}

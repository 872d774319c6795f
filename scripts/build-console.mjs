// Builds the console with Vite, if its sources are not those of the last build.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BUILD, ROOT, toolScript } from './places.mjs';
import { quietly } from './processes.mjs';
import { Stop } from './stop.mjs';
import { inTurn } from './turn.mjs';

/** Everything that Vite may read: the console, and what it imports of the others (their browser-safe doors). */
const SOURCES = ['console', 'kernel', 'chat', 'modernizer', 'workbench/protocol', 'package-lock.json'];
const LEFT_OUT = /(?:^|\/)(?:node_modules|fixtures|golden)$|\.(?:test|contract)\.tsx?$/;
const STAMP = join(BUILD, 'console.stamp');

export async function buildConsole() {
  if (isBuilt(sourcesHash())) return;
  await inTurn('build', async () => {
    const wanted = sourcesHash();
    if (isBuilt(wanted)) return;
    process.stderr.write('Building the console …\n');
    const { code, output } = await quietly([toolScript('vite'), 'build', 'console', '--logLevel', 'warn']);
    if (code !== 0) {
      throw new Stop(
        `The console could not be built.\n\n${output.trim()}\n`,
        'Vite refused its sources.',
        'Correct what is named above, then run npm start again.',
      );
    }
    mkdirSync(BUILD, { recursive: true });
    writeFileSync(STAMP, wanted);
  });
}

const isBuilt = (wanted) =>
  existsSync(join(BUILD, 'console', 'index.html')) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted;

function sourcesHash() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((name) => filesIn(join(ROOT, name)))) {
    hash.update(`${relative(ROOT, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}

function filesIn(place) {
  if (LEFT_OUT.test(place)) return [];
  if (!existsSync(place)) return [];
  const entries = place.endsWith('.json') ? null : readdirSync(place, { withFileTypes: true });
  if (entries === null) return [place];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(place, entry.name);
      if (entry.isDirectory()) return filesIn(path);
      return entry.isFile() && !LEFT_OUT.test(path) ? [path] : [];
    });
}

// Where things are in the checkout, and which Node runs the project.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stop } from './stop.mjs';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
export const MODULES = join(ROOT, 'node_modules');
export const BUILD = join(ROOT, '.build');

/** The first major whose type stripping runs the project without a build. */
const NODE_MAJOR_MIN = 24;

/** The Node that npm installed for this machine; where npm has none (a Mac), the one that runs this, if it can. */
export function pinnedNode() {
  const folder = join(MODULES, `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`);
  const pinned = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
  throw new Stop(
    `Tandem runs on Node ${NODE_MAJOR_MIN}, and there is none here.`,
    `This is Node ${process.versions.node}, and no pinned Node is installed for ${process.platform} ${process.arch}.`,
    process.platform === 'darwin'
      ? `Install Node ${NODE_MAJOR_MIN} (brew install node, or nodejs.org), then run the command again.`
      : 'Run npm ci --include=optional, then run the command again.',
  );
}

/** The script behind a tool's command, from its package.json. */
export function toolScript(name, bin = name) {
  const folder = join(MODULES, name);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[bin]);
}

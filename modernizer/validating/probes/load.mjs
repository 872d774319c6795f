// Runs inside the sandbox: loads the project as its users would, and says what happened in one JSON line.
// Plain JavaScript without imports of ours: nothing else of Tandem is visible there.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const require = createRequire(join(process.cwd(), 'package.json'));

function entry() {
  if (manifest.exports !== undefined && manifest.name) {
    try {
      return require.resolve(manifest.name);
    } catch (error) {
      if (error.code !== 'ERR_PACKAGE_PATH_NOT_EXPORTED') throw error;
    }
  }
  const main = manifest.main ?? 'index.js';
  try {
    return require.resolve(resolve(main));
  } catch {
    return manifest.main === undefined ? undefined : resolve(main);
  }
}

const say = (line) => process.stdout.write(`\n${JSON.stringify({ tandem: 'load', ...line })}\n`);
// A server listens for ever once it is loaded: that it could be loaded is all that is asked.
const end = (code) => process.exit(code);

try {
  const file = entry();
  if (file === undefined || !existsSync(file)) {
    say({ kind: file === undefined ? 'no-entry' : 'missing', file: file ?? null });
    end(file === undefined ? 0 : 1);
  } else {
    const loaded = await import(pathToFileURL(file).href);
    say({ kind: 'loaded', file, names: Object.keys(loaded).slice(0, 500) });
    end(0);
  }
} catch (error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
  say({ kind: 'failed', message: String(error?.message ?? error).slice(0, 2000) });
  end(1);
}

// Runs inside the sandbox: loads the project as its users would, and says what happened in one JSON line.
// Plain JavaScript without imports of ours: nothing else of Tandem is visible there.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

// Ten frames, as by default, may all lie in packages; the place in the project is what a person needs.
Error.stackTraceLimit = 50;

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const require = createRequire(join(process.cwd(), 'package.json'));

/** A project that is a command only: no user requires it, all call it. */
function command() {
  const { main, exports, bin } = manifest;
  if (main !== undefined || exports !== undefined || bin === undefined) return undefined;
  return typeof bin === 'string' ? bin : Object.values(bin)[0];
}

/** Long enough for what a command loads late, too short to wait for what it does. */
const LATE_MS = 500;

function entry() {
  const bin = command();
  if (bin !== undefined) return resolve(bin);
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
    end(file === undefined ? 3 : 1);
  } else {
    if (command() !== undefined) process.argv = [process.argv[0], file, '--help'];
    const loaded = await import(pathToFileURL(file).href);
    if (command() !== undefined) await new Promise((done) => setTimeout(done, LATE_MS));
    say({ kind: 'loaded', file, names: Object.keys(loaded).slice(0, 500) });
    end(0);
  }
} catch (error) {
  process.stderr.write(`${error?.stack ?? error}\n`);
  say({ kind: 'failed', message: String(error?.message ?? error).slice(0, 2000) });
  end(1);
}

// Runs inside the sandbox for as long as a run lasts: npm itself, asked again and again without being started again.
// One question is a line on the socket `ask.sock`: the files of a project; the answer is the lockfile that npm writes
// for them, or why there is none. What npm was told by the registry once it knows from then on.
// Rule: npm's own install command answers, with `--package-lock-only`, so an answer is what the command would have
// written. Questions are answered one after the other: npm works in the current folder, of which there is one.
// Plain JavaScript without imports of ours: nothing else of Tandem is visible there.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const npmRoot = dirname(dirname(process.env['npm_execpath'] ?? ''));
const ofNpm = createRequire(join(npmRoot, 'package.json'));
const Npm = ofNpm('./lib/npm.js');
const pacote = ofNpm('pacote');
const pickManifest = ofNpm('npm-pick-manifest');
const npa = ofNpm('npm-package-arg');
const semver = ofNpm('semver');

const ROOT = process.cwd();
const FLAGS = process.argv.slice(2);
// npm reads its own arguments from there.
process.argv = [process.execPath, 'npm'];
/** npm writes its settings into the environment, where the next question would take them for a person's. */
const ENVIRONMENT = { ...process.env };

/** A project of 600 packages meets 600 of half a megabyte each in memory. */
const PACKUMENTS_MAX = 1000;
/** One line to the registry is kept busy by these; npm by itself asks level by level. */
const ASKED_AT_ONCE = 32;

/** What npm keeps packuments in: the ones that were used last. */
class Packuments extends Map {
  get(key) {
    const found = super.get(key);
    if (found !== undefined) {
      super.delete(key);
      super.set(key, found);
    }
    return found;
  }

  set(key, packument) {
    super.set(key, packument);
    if (this.size > PACKUMENTS_MAX) super.delete(this.keys().next().value);
    return this;
  }
}

const packumentCache = new Packuments();
/** Ranges whose packuments were asked for ahead of npm: `name@range`. */
const walked = new Set();

const byName = (record) => (typeof record === 'object' && record !== null ? Object.entries(record) : []);

/** What installing a manifest brings along: optional peers do not come by themselves. */
function neededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} }) {
  const peers = byName(peerDependencies).filter(([name]) => peerDependenciesMeta?.[name]?.optional !== true);
  return [...byName(dependencies), ...byName(optionalDependencies), ...peers];
}

/** Asks for every packument that npm is going to need, many at once. What cannot be had, npm will say itself. */
async function askAhead(wanted, options) {
  const waiting = [];
  const add = (needs) => {
    for (const need of needs) {
      const key = need.join('@');
      if (walked.has(key)) continue;
      walked.add(key);
      waiting.push(need);
    }
  };
  const ask = async ([name, range]) => {
    const spec = npa.resolve(name, range);
    const own = spec.subSpec ?? spec;
    if (!own.registry) return;
    const packument = await pacote.packument(own, { ...options, packumentCache, fullMetadata: true });
    add(neededBy(pickManifest(packument, own.fetchSpec, options)));
  };
  add(wanted);
  let asking = 0;
  await new Promise((over) => {
    const next = () => {
      while (asking < ASKED_AT_ONCE && waiting.length > 0) {
        asking += 1;
        ask(waiting.shift())
          .catch(() => undefined)
          .finally(() => {
            asking -= 1;
            next();
          });
      }
      if (asking === 0) over();
    };
    next();
  });
}

/** The ranges of the project that its lockfile does not answer. */
function wantedOf(files) {
  const manifest = JSON.parse(files['package.json']);
  const locked =
    files['package-lock.json'] === undefined ? {} : (JSON.parse(files['package-lock.json']).packages ?? {});
  const isLocked = ([name, range]) => semver.satisfies(locked[`node_modules/${name}`]?.version ?? '', range);
  return [...neededBy(manifest), ...byName(manifest.devDependencies)].filter((need) => !isLocked(need));
}

async function lockfileOf(id, files) {
  const place = join(ROOT, String(id));
  mkdirSync(place);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text);
  for (const name of Object.keys(process.env)) if (!(name in ENVIRONMENT)) delete process.env[name];
  Object.assign(process.env, ENVIRONMENT);
  process.chdir(place);
  const npm = new Npm({ argv: FLAGS });
  try {
    const { command, args } = await npm.load();
    npm.flatOptions.packumentCache = packumentCache;
    await askAhead(wantedOf(files), npm.flatOptions);
    await npm.exec(command, args);
    return readFileSync(join(place, 'package-lock.json'), 'utf8');
  } finally {
    npm.unload();
    process.chdir(ROOT);
    rmSync(place, { recursive: true, force: true });
  }
}

let last = Promise.resolve();

function answer(line, socket) {
  const { id, files } = JSON.parse(line);
  last = last.then(async () => {
    let said;
    try {
      said = { id, lock: await lockfileOf(id, files) };
    } catch (error) {
      said = { id, why: String(error?.code ?? error) };
    }
    // A refusal is said again by npm's own command, which has the words for it.
    process.exitCode = 0;
    socket.write(`${JSON.stringify(said)}\n`);
  });
}

const server = createServer((socket) => {
  socket.on('error', () => undefined);
  createInterface({ input: socket }).on('line', (line) => answer(line, socket));
});
server.listen('ask.sock', () => process.stdout.write('ready\n'));

// Makes node_modules match package-lock.json: by a stamp, by npm's own record of what it installed, else by `npm ci`.
// Rule: the npm that started us does it, never the pinned one, which is itself in node_modules and is replaced.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, delimiter, join, relative } from 'node:path';
import { MODULES, ROOT } from './places.mjs';
import { exitCodeOf } from './processes.mjs';
import { Stop } from './stop.mjs';
import { inTurn } from './turn.mjs';

const STAMP = join(MODULES, '.tandem-stamp');
/** Enough of npm's last words to hold its error and the hint below it. */
const TOLD_LINES_MAX = 12;

export async function ensureInstalled() {
  if (isStamped(wantedStamp())) return;
  await inTurn('install', async () => {
    const wanted = wantedStamp();
    if (isStamped(wanted)) return;
    if (!isInstalledByNpm()) await install();
    writeFileSync(STAMP, wanted);
  });
}

function wantedStamp() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'));
  return createHash('sha256').update(lock).update(` ${process.platform} ${process.arch}`).digest('hex');
}

const isStamped = (wanted) => existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted;

/** True when somebody ran `npm ci` by hand: npm's hidden lockfile then says the same as ours. */
function isInstalledByNpm() {
  const hidden = join(MODULES, '.package-lock.json');
  if (!existsSync(hidden)) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return matches(packages, installed);
}

/**
 * Whether everything that the lockfile wants is installed; optional ones, such as those for other platforms,
 * need not be. Pure.
 */
export function matches(wanted, installed) {
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.startsWith('node_modules/') && !place.includes('/node_modules/')) return true;
    const found = installed[place];
    if (found === undefined) return entry.optional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

async function install() {
  process.stderr.write('Installing what package-lock.json names (about half a minute) …\n');
  const [program, ...first] = npmCommand();
  // NODE_ENV=production would leave out what builds and tests the project.
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const child = spawn(program, [...first, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: cleanEnvironment(process.env),
    shell: process.platform === 'win32' && first.length === 0,
  });
  const told = [];
  child.stdout.on('data', (chunk) => told.push(chunk));
  child.stderr.on('data', (chunk) => told.push(chunk));
  const pass = (signal) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, pass);
  const code = await exitCodeOf(child).catch((thrown) => thrown);
  for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, pass);
  if (code !== 0) throw installFailed(code, Buffer.concat(told).toString());
}

/** The npm that runs this script; without one the first on PATH that is not ours. */
function npmCommand() {
  const own = process.env.npm_execpath ?? '';
  if (/^npm-cli\.c?js$/.test(basename(own)) && relative(MODULES, own).startsWith('..')) return [process.execPath, own];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** What a person may have set for npm as a whole. The rest belongs to the command that called us. */
const NPM_SETTINGS_KEPT =
  /^npm_config_(?:registry|cache|cafile|ca|strict_ssl|(?:https?_)?proxy|noproxy|userconfig|globalconfig|ignore_scripts|offline|prefer_offline|fetch_.*|\/\/.*|_.*)$/i;

/** Without npm's own variables, and without the folders in which our pinned npm and Node lie. Pure. */
export function cleanEnvironment(environment) {
  const kept = Object.entries(environment).filter(
    ([name]) => name !== 'NODE_ENV' && (!/^npm_/i.test(name) || NPM_SETTINGS_KEPT.test(name)),
  );
  const folders = (environment.PATH ?? '')
    .split(delimiter)
    .filter((folder) => relative(MODULES, folder).startsWith('..'));
  return { ...Object.fromEntries(kept), PATH: folders.join(delimiter) };
}

function installFailed(code, told) {
  const { why, next } = explained(code instanceof Error ? code.message : told);
  const words = told.trim().split('\n').slice(-TOLD_LINES_MAX).join('\n');
  return new Stop(`The dependencies could not be installed.${words === '' ? '' : `\n\n${words}\n`}`, why, next);
}

const EXPLAINED = [
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET|ENOTCACHED/,
    'The npm registry does not answer.',
    'Check the network (or the registry and proxy settings of npm), then run the command again.',
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(?:VERIFY|GET)|CERT_/,
    'The certificate of the npm registry is not trusted here.',
    'Set NODE_EXTRA_CA_CERTS (or npm config set cafile) to the certificates of your network, then run the command again.',
  ],
  [
    /EUSAGE|in sync/,
    'package.json and package-lock.json do not say the same.',
    'Undo the change to package.json, or run npm install with Node 24 first in PATH.',
  ],
  [/ENOSPC/, 'The disk is full.', 'Make room, then run the command again.'],
  [/EACCES|EPERM|EROFS/, 'npm may not write here.', 'Make this folder your own (chown), then run the command again.'],
  [/ENOENT/, 'There is no npm on this machine.', 'Install npm, or run the command as npm start.'],
  [
    /E40[13]/,
    'The npm registry wants other credentials.',
    'Run npm login, or correct the token in ~/.npmrc, then run the command again.',
  ],
];

/** The cause in words, from what npm said. Pure. */
export function explained(told) {
  const row = EXPLAINED.find(([pattern]) => pattern.test(told));
  return row === undefined
    ? { why: 'npm ci failed; its own words are above.', next: 'Correct that, or run npm ci by hand to see more.' }
    : { why: row[1], next: row[2] };
}

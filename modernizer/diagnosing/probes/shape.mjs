// Runs inside the sandbox: loads one package as its users do and prints what it offers, in one JSON line.
// argv: the package's name. Written without imports of ours: nothing else of Tandem is visible there.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { types } from 'node:util';

const [name = ''] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const OFFERS_MAX = 4000;
const DEPTH_MAX = 2;
const offers = [];
const met = new Set();

// What is loaded may keep the process alive for ever, so it is ended; but not before all is said.
const sayAndEnd = (line, code) =>
  process.stdout.write(`\n${JSON.stringify({ tandem: 'shape', ...line })}\n`, () => process.exit(code));

function isClass(value) {
  try {
    return /^class\b/.test(Function.prototype.toString.call(value));
  } catch {
    return false;
  }
}

/** A proxy may refuse even this. */
function arityOf(value) {
  try {
    return Number(value.length) || 0;
  } catch {
    return null;
  }
}

function namesOf(value) {
  try {
    return Object.getOwnPropertyNames(value).slice(0, 500);
  } catch {
    return [];
  }
}

function look(path, value, depth) {
  if (offers.length >= OFFERS_MAX) return;
  const callable = typeof value === 'function';
  offers.push({
    path,
    type: callable ? (isClass(value) ? 'class' : 'function') : value === null ? 'null' : typeof value,
    arity: callable ? arityOf(value) : null,
    isAsync: callable && types.isAsyncFunction(value),
  });
  if ((typeof value !== 'object' && !callable) || value === null || met.has(value) || depth >= DEPTH_MAX) return;
  met.add(value);
  for (const key of namesOf(value)) {
    if (/^_|^(?:length|name|prototype|caller|arguments|super_)$/.test(key)) continue;
    const own = Object.getOwnPropertyDescriptor(value, key);
    const member = own !== undefined && 'value' in own ? own.value : getterValue(value, key);
    look(path === '' ? key : `${path}.${key}`, member, depth + 1);
  }
  const made = callable ? getterValue(value, 'prototype') : null;
  if (typeof made !== 'object' || made === null) return;
  for (let at = made; at !== null && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of namesOf(at)) {
      if (/^_|^constructor$/.test(key)) continue;
      const own = Object.getOwnPropertyDescriptor(at, key);
      if (own !== undefined && 'value' in own) look(`${path}#${key}`, own.value, DEPTH_MAX);
      else offers.push({ path: `${path}#${key}`, type: 'getter', arity: null, isAsync: false });
    }
  }
}

/** Doors of modules are often getters that load a part; inside the sandbox that may run. */
function getterValue(owner, key) {
  try {
    return owner[key];
  } catch {
    return undefined;
  }
}

try {
  const loaded = require(name);
  look('', loaded, 0);
  sayAndEnd({ kind: 'seen', namespace: types.isModuleNamespaceObject(loaded), offers }, 0);
} catch (error) {
  sayAndEnd({ kind: 'failed', message: String(error?.message ?? error).slice(0, 500), code: error?.code ?? null }, 1);
}

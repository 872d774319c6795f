// Who records: --author, then ATOMIC_AUTHOR, then `[user]` of the configuration, then what git knows, then login@host.
// Rule: nobody is asked. A name that was put together from the machine is said, with how to set a better one.

import { readFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import type { Author } from '../patches/patch.ts';
import { authorMalformed } from './faults.ts';

export interface FoundAuthor {
  readonly author: Author;
  /** A sentence for standard error, or null. */
  readonly note: string | null;
}

export interface AuthorQuestion {
  readonly given?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly settings: { readonly name: string | null; readonly email: string | null };
  /** The top of the repository: git may be beside it. */
  readonly root: string | null;
}

const AUTHOR = /^\s*([^<>\n]*?)\s*<\s*([^<>\s]*)\s*>\s*$/;
/** Longer than any name and address in use. */
const AUTHOR_LENGTH_MAX = 500;
/** A git configuration is a page of text. */
const GIT_BYTES_MAX = 1 << 20;

export const authorText = ({ author }: FoundAuthor): string => `${author.name} <${author.email}>`;

/** Throws ATOMIC_AUTHOR_MALFORMED. */
export function findAuthor({ given, env, settings, root }: AuthorQuestion): FoundAuthor {
  if (given !== undefined) return { author: parseAuthor('--author', given), note: null };
  const fromEnvironment = env['ATOMIC_AUTHOR'];
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return { author: parseAuthor('ATOMIC_AUTHOR', fromEnvironment), note: null };
  }
  if (settings.name !== null) return { author: { name: settings.name, email: settings.email ?? '' }, note: null };
  const git = gitUser(env, root);
  if (git !== null) return { author: git, note: null };
  return madeUp(env);
}

/** `Ada Lovelace <ada@example.org>`; a name alone, or an address alone, will do. */
export function parseAuthor(said: string, text: string): Author {
  const match = AUTHOR.exec(text);
  const bare = text.trim();
  if (text.length > AUTHOR_LENGTH_MAX || bare === '') throw authorMalformed(said, text);
  if (match !== null) {
    const [, name = '', email = ''] = match;
    if (name === '' && email === '') throw authorMalformed(said, text);
    return { name: name === '' ? email : name, email };
  }
  if (/[<>\n]/.test(bare)) throw authorMalformed(said, text);
  return { name: bare, email: /^\S+@\S+$/.test(bare) ? bare : '' };
}

function madeUp(env: AuthorQuestion['env']): FoundAuthor {
  const login = env['USER'] ?? env['LOGNAME'] ?? env['USERNAME'] ?? loginName();
  const author = { name: login, email: `${login}@${hostname()}` };
  const note =
    `The author is ${author.name} <${author.email}>, for no name is set. ` +
    'Set one with: atomic config set user.name "Ada Lovelace" && atomic config set user.email ada@example.org';
  return { author, note };
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the system's list.
    return 'unknown';
  }
}

/** user.name and user.email of the git beside the repository, then of the user. */
function gitUser(env: AuthorQuestion['env'], root: string | null): Author | null {
  const home = env['HOME'] ?? '';
  const files = [
    ...(root === null ? [] : [join(root, '.git', 'config')]),
    ...(home === '' ? [] : [join(home, '.gitconfig')]),
    ...(env['XDG_CONFIG_HOME'] === undefined ? [] : [join(env['XDG_CONFIG_HOME'], 'git', 'config')]),
    ...(home === '' ? [] : [join(home, '.config', 'git', 'config')]),
  ];
  let [name, email] = [undefined as string | undefined, undefined as string | undefined];
  for (const file of files) {
    const user = readGitUser(textOf(file));
    name ??= user.name;
    email ??= user.email;
  }
  return name === undefined ? null : { name, email: email ?? '' };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, GIT_BYTES_MAX);
  } catch {
    // Not there, or not ours to read: it says nothing.
    return '';
  }
}

/** The section `[user]` of a git configuration. The last value counts, as in git. */
export function readGitUser(text: string): { readonly name?: string; readonly email?: string } {
  const found: { name?: string; email?: string } = {};
  let section = '';
  for (const line of text.split('\n')) {
    const head = /^\s*\[\s*([\w.-]+)\s*(?:"[^"]*")?\s*\]/.exec(line);
    if (head !== null) section = head[0].includes('"') ? '' : (head[1] ?? '').toLowerCase();
    const entry = /^\s*(name|email)\s*=\s*(.*)$/i.exec(line);
    if (section !== 'user' || entry === null) continue;
    const value = gitValue(entry[2] ?? '');
    if (value !== '') found[entry[1]?.toLowerCase() === 'name' ? 'name' : 'email'] = value;
  }
  return found;
}

/** Without quotes, and without a comment that stands outside of them. */
function gitValue(raw: string): string {
  let value = '';
  let isQuoted = false;
  for (let at = 0; at < raw.length; at += 1) {
    const character = raw.charAt(at);
    if (character === '"') isQuoted = !isQuoted;
    else if (character === '\\') value += raw.charAt((at += 1));
    else if (!isQuoted && (character === '#' || character === ';')) break;
    else value += character;
  }
  return value.trim();
}

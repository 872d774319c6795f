// Reads the address of a git repository as a person gave it. Pure.
// Rule: only https, ssh and files; no helper of git's own (`ext::`), nothing that git would read as an option, and no
// password in the address: it would be kept in the run, the copy and the report.

export type GitScheme = 'https' | 'ssh' | 'file';

export type GitAddress =
  | {
      readonly kind: 'address';
      readonly url: string;
      readonly scheme: GitScheme;
      /** For a title. */ readonly name: string;
    }
  | { readonly kind: 'wrong'; readonly why: string };

const LENGTH_MAX = 2000;
const SCHEMES: Readonly<Record<string, GitScheme>> = {
  'https:': 'https',
  'ssh:': 'ssh',
  'git+ssh:': 'ssh',
  'file:': 'file',
};

/** True for what a person means as an address and not as a path. */
export const looksLikeAddress = (text: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /^[a-z0-9+]+::/i.test(text) || /^[\w.-]+@[\w.-]+:(?!\/\/)/.test(text);

export function readGitAddress(text: string): GitAddress {
  const address = text.trim();
  const wrong = (why: string): GitAddress => ({ kind: 'wrong', why });
  if (address.length > LENGTH_MAX) return wrong('It is too long for an address.');
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\s\u0000-\u001f\u007f]/.test(address)) return wrong('It holds a blank or a control character.');
  if (address.startsWith('-')) return wrong('It begins like an option.');
  if (/^[a-z0-9+]+::/i.test(address)) return wrong('It names a helper of git, which could run any command.');
  const short = /^([\w.-]+)@([\w.-]+):(?!\/\/)([^:]+)$/.exec(address);
  if (short !== null) return readUrl(`ssh://${short[1]}@${short[2]}/${(short[3] ?? '').replace(/^\//, '')}`, address);
  return readUrl(address, address);
}

function readUrl(text: string, asGiven: string): GitAddress {
  const wrong = (why: string): GitAddress => ({ kind: 'wrong', why });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return wrong('It is no address.');
  }
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined)
    return wrong(`Repositories are fetched by https, ssh or from a file, not by ${url.protocol.replace(/:$/, '')}.`);
  if (url.password !== '' || (scheme === 'https' && url.username !== '')) {
    return wrong('It carries a name or a password, which would be kept with the run.');
  }
  const host = decodeURIComponent(url.hostname);
  if (host.startsWith('-') || decodeURIComponent(url.username).startsWith('-'))
    return wrong('Its host begins like an option.');
  if (scheme === 'file' && host !== '') return wrong('A file is named without a host: file:///path.');
  if (scheme !== 'file' && host === '') return wrong('It names no host.');
  const name =
    url.pathname
      .split('/')
      .filter(Boolean)
      .at(-1)
      ?.replace(/\.git$/, '') ?? '';
  if (name === '') return wrong('It names no repository.');
  return { kind: 'address', url: asGiven.startsWith('git+') ? asGiven.slice('git+'.length) : asGiven, scheme, name };
}

/** A branch or a tag, as git allows them to be called. */
export const isBranchName = (name: string): boolean =>
  /^[A-Za-z0-9_][\w./+@-]{0,200}$/.test(name) &&
  !name.includes('..') &&
  !name.includes('@{') &&
  !name.endsWith('.lock');

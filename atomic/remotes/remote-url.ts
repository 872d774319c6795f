// Addresses of repositories: a path, `http(s)://host/atomic/v1/name`, `ssh://host/path`, `host:path`.
// Rule: an address never holds a secret; one that does is refused, and only its harmless part is repeated.

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { remoteUrlSecret, remoteUrlWrong } from './faults.ts';

export interface SshAddress {
  readonly kind: 'ssh';
  readonly user: string | null;
  readonly host: string;
  readonly port: number | null;
  readonly path: string;
  /** As it is shown and remembered. */
  readonly text: string;
}

export type RemoteAddress =
  | { readonly kind: 'path'; readonly path: string; readonly text: string }
  | { readonly kind: 'http'; readonly url: URL; readonly text: string }
  | SshAddress;

const LENGTH_MAX = 2000;
/** Two characters or more: one is a drive. */
const SCP = /^(?:([A-Za-z0-9_][\w.-]*)@)?([A-Za-z0-9][\w.-]+|\[[0-9a-fA-F:]+\]):(.+)$/;
const HOST = /^[A-Za-z0-9][\w.-]*$|^\[?[0-9a-fA-F:]+\]?$/;
const USER = /^[A-Za-z0-9_][\w.-]*$/;

/** `folder`: where a relative path begins. Throws ATOMIC_REMOTE_URL_WRONG, ATOMIC_REMOTE_URL_SECRET. */
export function parseRemoteUrl(text: string, folder: string): RemoteAddress {
  if (text === '' || text.length > LENGTH_MAX) throw remoteUrlWrong(text.slice(0, 100), 'It is empty or too long.');
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(text)) throw remoteUrlWrong(text, 'It has a character that nobody can see.');
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) return parseUrl(text);
  const colon = text.indexOf(':');
  const slash = text.indexOf('/');
  const match = colon > 0 && (slash === -1 || colon < slash) ? SCP.exec(text) : null;
  if (match === null) return pathAddress(resolve(folder, text));
  const [, user, host = '', path = ''] = match;
  return { kind: 'ssh', user: user ?? null, host: host.replace(/^\[(.*)\]$/, '$1'), port: null, path, text };
}

const pathAddress = (path: string): RemoteAddress => ({ kind: 'path', path, text: path });

function parseUrl(text: string): RemoteAddress {
  const url = URL.parse(text);
  if (url === null) throw remoteUrlWrong(withoutLogin(text), 'It cannot be read as a URL.');
  if (url.password !== '') throw remoteUrlSecret(withoutLogin(text));
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      return httpAddress(url, text);
    case 'ssh:':
      return sshAddress(url, text);
    case 'file:':
      return pathAddress(fileURLToPath(url));
    default:
      throw remoteUrlWrong(text, `Nothing is known of ${url.protocol}`);
  }
}

function httpAddress(url: URL, text: string): RemoteAddress {
  // In addresses of HTTP a name before the host is a token as often as not.
  if (url.username !== '') throw remoteUrlSecret(withoutLogin(text));
  if (url.search !== '') throw remoteUrlSecret(text.replace(/\?.*$/s, ''));
  url.hash = '';
  url.pathname = url.pathname.replace(/\/+$/, '');
  return { kind: 'http', url, text: url.href };
}

function sshAddress(url: URL, text: string): RemoteAddress {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const user = decodeURIComponent(url.username);
  if (!HOST.test(host) || (user !== '' && !USER.test(user))) throw remoteUrlWrong(text, 'Its host or user is no name.');
  const path = decodeURIComponent(url.pathname).replace(/^\/~/, '~');
  if (path === '' || path === '/') throw remoteUrlWrong(text, 'It names no folder.');
  const port = url.port === '' ? null : Number(url.port);
  return { kind: 'ssh', user: user === '' ? null : user, host, port, path, text };
}

const withoutLogin = (text: string): string => text.replace(/\/\/[^/]*@/, '//').replace(/\?.*$/s, '');

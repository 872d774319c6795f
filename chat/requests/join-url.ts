// Joins the base of the API and a path: `/api` and `/chat` or `/api/chat` both give `/api/chat`.
// Rule: nothing leads to another host, so that no token ever goes there.

import { pathForeign } from './faults.ts';

export function joinUrl(baseUrl: string, path: string): string {
  // A browser reads `\` as `/` and leaves tabs and line ends out; `//x` and `https:` would be another host.
  if (/[\\\s]/.test(path) || path.startsWith('//') || /^[a-z][a-z0-9+.-]*:/i.test(path)) throw pathForeign(path);
  const base = baseUrl.replace(/\/+$/, '');
  const rooted = path.startsWith('/') ? path : `/${path}`;
  const prefix = prefixOf(base);
  const isPrefixed = prefix !== '' && (rooted === prefix || rooted.startsWith(`${prefix}/`));
  return isPrefixed ? `${base.slice(0, base.length - prefix.length)}${rooted}` : `${base}${rooted}`;
}

/** The path of the base: `/api` of `https://host/api`. */
const prefixOf = (base: string): string => (/^[a-z]+:/i.test(base) ? new URL(base).pathname.replace(/\/+$/, '') : base);

/** `?a=1&b=2` of what is not undefined, or nothing. */
export function queryOf(values: Readonly<Record<string, string | number | boolean | null | undefined>>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}

// Where links and pictures of a text may lead. Pure.
// Rules: an address is resolved as the browser would and then compared by its origin, never by how it begins; a picture
// of another host is never asked for, since asking tells that host what was said.

export type LinkPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'link'; readonly href: string; /** Null for this site. */ readonly host: string | null };

const LINK_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);
/** Longer addresses are not clicked, they carry something. */
const ADDRESS_LENGTH_MAX = 2000;

export function linkPlace(href: string, origin: string): LinkPlace {
  const url = resolved(href, origin);
  if (url === null || !LINK_PROTOCOLS.has(url.protocol)) return { kind: 'none' };
  if (url.username !== '' || url.password !== '') return { kind: 'none' };
  const host = url.protocol === 'mailto:' || url.origin === origin ? null : url.host;
  return { kind: 'link', href: url.href, host };
}

/** The address of a picture that may be shown, or null. Only ones of this site, and ones made in this page. */
export function picturePlace(source: string, origin: string): string | null {
  const url = resolved(source, origin);
  if (url === null || url.username !== '' || url.password !== '') return null;
  // A blob's origin is that of the page that made it.
  const isOwn = url.origin === origin && ['http:', 'https:', 'blob:'].includes(url.protocol);
  return isOwn ? url.href : null;
}

function resolved(address: string, origin: string): URL | null {
  if (address.length > ADDRESS_LENGTH_MAX || !URL.canParse(address, `${origin}/`)) return null;
  return new URL(address, `${origin}/`);
}

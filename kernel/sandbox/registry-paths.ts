// Decides what the registry proxy may ask, and where a redirect may lead. Pure.
// Rule: packuments and tarballs of the one configured registry, and nothing else of it: `/-/` holds tokens and users.

export type RegistryPath =
  | { readonly kind: 'packument'; readonly url: URL }
  | { readonly kind: 'tarball'; readonly url: URL }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 405; readonly why: string };

/** npm's longest real paths are below 300 characters. */
const PATH_LENGTH_MAX = 1024;

export function registryPathOf(method: string, target: string, registry: URL): RegistryPath {
  const refused = (status: 400 | 403 | 405, why: string): RegistryPath => ({ kind: 'refused', status, why });
  if (method !== 'GET' && method !== 'HEAD') return refused(405, 'Only GET and HEAD pass the registry proxy.');
  const path = target.split('?')[0] ?? '';
  if (target.length > PATH_LENGTH_MAX || !path.startsWith('/') || !isPlain(path)) {
    return refused(400, 'The path is not one that npm asks for.');
  }
  const prefix = registry.pathname.endsWith('/') ? registry.pathname : `${registry.pathname}/`;
  if (!path.startsWith(prefix)) return refused(403, 'The path lies outside of the configured registry.');
  const rest = path.slice(prefix.length);
  if (rest === '' || rest === '-' || rest.startsWith('-/'))
    return refused(403, 'Only packages pass the registry proxy.');
  const isTarball = rest.includes('/-/') || rest.endsWith('.tgz');
  return { kind: isTarball ? 'tarball' : 'packument', url: new URL(path, registry.origin) };
}

/** No dots that climb, no doubled or escaped separators but the one in `@scope%2fname`. */
function isPlain(path: string): boolean {
  if (!/^[A-Za-z0-9@%/._~+!()*'-]+$/.test(path) || path.includes('//')) return false;
  const decoded = path.replace(/%2f/gi, '/').replace(/%40/g, '@');
  return decoded.split('/').every((part) => part !== '..' && part !== '.' && !/%(?:2f|5c|2e|00|25)/i.test(part));
}

/** Hosts that a registry hands its tarballs out from, beside itself. Looked up in their documentation, 2026. */
const TARBALL_HOSTS: Readonly<Record<string, readonly string[]>> = {
  'registry.yarnpkg.com': ['registry.npmjs.org'],
  'registry.npmmirror.com': ['cdn.npmmirror.com'],
  'npm.pkg.github.com': ['pkg-npm.githubusercontent.com'],
};

export function mayFollow(to: URL, registry: URL): boolean {
  if (to.origin === registry.origin) return true;
  const hosts = [registry.host, ...(TARBALL_HOSTS[registry.host] ?? [])];
  return to.protocol === 'https:' && hosts.includes(to.host);
}

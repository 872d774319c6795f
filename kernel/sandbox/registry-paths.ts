// Decides what the registry proxy may ask, and where a redirect may lead. Pure.
// Rule: packuments and tarballs of the one configured registry, and nothing else of it: `/-/` holds tokens and users.

export type RegistryPath =
  | { readonly kind: 'packument'; readonly url: URL }
  | { readonly kind: 'tarball'; readonly url: URL }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 405; readonly why: string };

/** Before the registry's own path: the tarballs of a packument are to be fetched from the proxy too. */
export const HERE = '/-/here';

/** npm's longest real paths are below 300 characters. */
const PATH_LENGTH_MAX = 1024;

export function registryPathOf(method: string, target: string, registry: URL): RegistryPath {
  const refused = (status: 400 | 403 | 405, why: string): RegistryPath => ({ kind: 'refused', status, why });
  if (method !== 'GET' && method !== 'HEAD') return refused(405, 'Only GET and HEAD pass the registry proxy.');
  const path = target.split('?')[0] ?? '';
  const decoded = target.length > PATH_LENGTH_MAX || !path.startsWith('/') ? null : plain(path);
  if (decoded === null) return refused(400, 'The path is not one that npm asks for.');
  const prefix = registry.pathname.endsWith('/') ? registry.pathname : `${registry.pathname}/`;
  if (!path.startsWith(prefix) || !decoded.startsWith(prefix))
    return refused(403, 'The path lies outside of the configured registry.');
  const rest = decoded.slice(prefix.length);
  if (rest === '' || rest === '-' || rest.startsWith('-/'))
    return refused(403, 'Only packages pass the registry proxy.');
  const isTarball = rest.includes('/-/') || rest.endsWith('.tgz');
  return { kind: isTarball ? 'tarball' : 'packument', url: new URL(path, registry.origin) };
}

/** As it will be read: the one escape that npm uses is `/` in `@scope%2fname`. Null for any other, and for climbing. */
function plain(path: string): string | null {
  const decoded = path.replace(/%2f/gi, '/').replace(/%40/g, '@');
  if (!/^[A-Za-z0-9@/._~+!()*'-]+$/.test(decoded) || decoded.includes('//')) return null;
  return decoded.split('/').some((part) => part === '..' || part === '.') ? null : decoded;
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

// The built console: its files, compressed once and kept, and its page for every address of the console's own.
// Rule: files whose name holds a hash of their content are kept by browsers for ever, all else is asked for again.

import { readFile, stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import type { Context } from 'hono';

import { notBuiltPage } from './pages.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const COMPRESSED: readonly string[] = ['.html', '.js', '.css', '.json', '.svg', '.map', '.txt', '.webmanifest'];
/** A console has a few dozen files; beyond this they are read each time. */
const KEPT_MAX = 500;

interface Kept {
  readonly modifiedMs: number;
  readonly plain: Buffer;
  readonly packed: Map<string, Promise<Buffer>>;
}

export function staticFiles(folder: string): (context: Context) => Promise<Response> {
  const kept = new Map<string, Kept>();
  return async (context) => {
    const path = pathWithin(folder, context.req.path);
    const file = path === undefined ? undefined : await fileOf(kept, path);
    if (path !== undefined && file !== undefined) return answer(context, path, file);
    // A missing picture is missing; any other address is one of the console's own.
    if (extname(context.req.path) !== '') return context.notFound();
    const index = join(folder, 'index.html');
    const page = await fileOf(kept, index);
    return page === undefined ? context.html(notBuiltPage(), 503) : answer(context, index, page);
  };
}

function pathWithin(folder: string, asked: string): string | undefined {
  const path = normalize(join(folder, decoded(asked)));
  return path.startsWith(folder + sep) && !path.includes('\0') ? path : undefined;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Not an encoding at all, so no file of ours is meant.
    return '\0';
  }
}

async function fileOf(kept: Map<string, Kept>, path: string): Promise<Kept | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile() !== true) return undefined;
  const known = kept.get(path);
  if (known?.modifiedMs === found.mtimeMs) return known;
  const file = { modifiedMs: found.mtimeMs, plain: await readFile(path), packed: new Map<string, Promise<Buffer>>() };
  if (kept.size < KEPT_MAX) kept.set(path, file);
  return file;
}

async function answer(context: Context, path: string, file: Kept): Promise<Response> {
  const type = extname(path);
  const etag = `W/"${file.modifiedMs.toString(36)}-${file.plain.length.toString(36)}"`;
  const headers = new Headers({
    'content-type': TYPES[type] ?? 'application/octet-stream',
    'cache-control': path.includes(`${sep}assets${sep}`) ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag,
    vary: 'accept-encoding',
  });
  if (context.req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
  const encoding = COMPRESSED.includes(type) ? encodingFor(context.req.header('accept-encoding') ?? '') : undefined;
  if (encoding === undefined) return new Response(new Uint8Array(file.plain), { headers });
  headers.set('content-encoding', encoding);
  return new Response(new Uint8Array(await packed(file, encoding)), { headers });
}

const encodingFor = (accepted: string): 'br' | 'gzip' | undefined =>
  /\bbr\b/.test(accepted) ? 'br' : /\bgzip\b/.test(accepted) ? 'gzip' : undefined;

function packed({ plain, packed }: Kept, encoding: 'br' | 'gzip'): Promise<Buffer> {
  const known = packed.get(encoding);
  if (known !== undefined) return known;
  // Five of eleven: nearly as small as the best, and done in milliseconds.
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };
  const made = encoding === 'br' ? promisify(brotliCompress)(plain, quality) : promisify(gzip)(plain);
  packed.set(encoding, made);
  return made;
}

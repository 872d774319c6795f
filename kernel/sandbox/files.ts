// Small reads of files that may be absent or vanish: what /proc and /sys are like.

import { readFileSync, readlinkSync } from 'node:fs';

/** The error's code, such as ENOENT; undefined when it is no error of the operating system. */
export function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
}

/** The file's text, trimmed; empty where there is none or it has vanished. */
export function textOf(path: string): string {
  return readOr('', () => readFileSync(path, 'utf8').trim());
}

export function linkOf(path: string): string {
  return readOr('', () => readlinkSync(path));
}

/** The number after a name at the start of a line, or, with an empty name, the text as a number. */
export function numberIn(text: string, name: string): number | null {
  const found = name === '' ? text : new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1];
  return found === undefined || !/^\d+$/.test(found) ? null : Number(found);
}

const GONE = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL', 'ENOTDIR', 'EOPNOTSUPP', 'ENODEV']);

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (GONE.has(codeOf(thrown) ?? '')) return otherwise;
    throw thrown;
  }
}

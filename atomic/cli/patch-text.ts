// Patches as people read them, and as programs do.

import type { PatchNumber } from '../patches/facts.ts';
import type { Author } from '../patches/patch.ts';
import { SHORT_HASH } from '../repository/numbering.ts';
import type { PatchRow, PatchStore } from '../store/store.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

const TITLE_LENGTH = 72;

export const shortHash = (hash: string): string => hash.slice(0, SHORT_HASH);
export const authorName = ({ name, email }: Author): string => (email === '' ? name : `${name} <${email}>`);
export const firstAuthor = ({ authors }: PatchRow): Author => authors[0] ?? { name: 'nobody', email: '' };

/** `kq3vabcd Ada: title`, for lists. */
export function patchLine(store: PatchStore, patch: PatchNumber, paint: Paint): string {
  const row = store.patches.rowOf(patch);
  const title = printable(row.message).slice(0, TITLE_LENGTH);
  return `${paint('yellow', shortHash(row.hash))} ${printable(firstAuthor(row).name)}: ${title}`;
}

/** A side of a conflict: `patch`, `author` and `title` are those of its first patch. */
export function sideDocument(store: PatchStore, patches: readonly PatchNumber[]): Readonly<Record<string, unknown>> {
  const rows = patches.map((patch) => store.patches.rowOf(patch));
  const [first] = rows;
  return {
    patch: first?.hash ?? null,
    author: first === undefined ? null : authorName(firstAuthor(first)),
    title: first?.message ?? null,
    actor: patches[0] === undefined ? null : (store.attributions.labelsOf(patches[0])?.actor ?? 'untracked'),
    patches: rows.map(({ hash }) => hash),
  };
}

/** The author's own time: `2026-01-01 12:00:00 +0200`. */
export function timeText({ at, zoneMinutes }: Pick<PatchRow, 'at' | 'zoneMinutes'>): string {
  const local = new Date(at + zoneMinutes * 60_000).toISOString();
  const minutes = Math.abs(zoneMinutes);
  const two = (number: number): string => String(number).padStart(2, '0');
  const zone = `${zoneMinutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}${two(minutes % 60)}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone}`;
}

/** Several patches in a sentence: the first few, and how many more. */
export function patchesText(store: PatchStore, patches: readonly PatchNumber[], most = 10): string {
  const shown = patches.slice(0, most).map((patch) => shortHash(store.patches.hashOf(patch)));
  const rest = patches.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

/** `1 patch`, `2 patches`. */
export const counted = (count: number, one: string, several = `${one}s`): string =>
  `${count} ${count === 1 ? one : several}`;

// The message of a commit that a patch becomes: its own words, and trailers.

import { BUILT_IN_REGISTRY } from '../attribution/registry.ts';
import { readTrailers, withTrailers } from '../attribution/trailers.ts';
import { decodePatch } from '../patches/encode-patch.ts';
import type { PatchNumber } from '../patches/facts.ts';
import type { Header } from '../patches/patch.ts';
import type { PatchStore } from '../store/store.ts';
import { attributionOf } from './patch-lines.ts';

export function exportMessage(
  store: PatchStore,
  patch: PatchNumber,
  { trailers, coAuthors }: { readonly trailers: boolean; readonly coAuthors: boolean },
): string {
  const { header, hash } = decodePatch(store.patches.hashedOf(patch));
  return withTrailers(withPeople(wordsOf(header), header), {
    patch: hash,
    attribution: trailers || coAuthors ? attributionOf(store, patch) : null,
    namesCoAuthor: coAuthors,
  });
}

/** A message that came from git has its blank line already. */
function wordsOf({ message, description }: Header): string {
  if (description === '') return message;
  return description.startsWith('\n') ? `${message}\n${description}` : `${message}\n\n${description}`;
}

/** A commit has one author; the other people of a patch stand in trailers. */
function withPeople(words: string, { authors }: Header): string {
  const [author, ...others] = authors;
  if (author === undefined || others.length === 0) return words;
  const { coAuthors } = readTrailers(words, author, BUILT_IN_REGISTRY);
  const known = new Set(coAuthors.map(({ email }) => email.toLowerCase()));
  const missing = others.filter(({ email }) => !known.has(email.toLowerCase()));
  if (missing.length === 0) return words;
  const lines = missing.map(({ name, email }) => `Co-authored-by: ${name} <${email}>`);
  return `${words.trimEnd()}\n${coAuthors.length > 0 ? '' : '\n'}${lines.join('\n')}\n`;
}

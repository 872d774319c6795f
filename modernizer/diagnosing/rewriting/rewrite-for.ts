// The change of a project's code that follows from a cause by rule: where the thing moved to, what it is called now.
// Pure. Rule: one for each refused upgrade; whether it mends it, only a trial says (workflow/mend.ts). It never touches a
// test's expectation on purpose, and what it touches is told by places.

import type { NamedCause } from '../name-cause.ts';
import { awaited, constructed, fromDoor, intoExport, renamed, type FileChange, type Rewriting } from './rewrites.ts';

/** To be tried together with the upgrade. */
export interface CodeChange {
  readonly sentence: string;
  readonly files: readonly FileChange[];
}

/** More files than these nobody reviews as one change of one upgrade. */
const FILES_MAX = 50;

export interface RewriteProject {
  readonly name: string;
  readonly texts: ReadonlyMap<string, string>;
  /** What the package exports now; empty where that is not known. */
  readonly names: readonly string[];
}

export function rewriteFor(cause: NamedCause, project: RewriteProject): CodeChange | null {
  if (cause.kind !== 'named') return null;
  const files = filesFor(cause, project);
  if (files.length === 0 || files.length > FILES_MAX) return null;
  return { sentence: sentenceOf(cause, project, files), files };
}

type Named = NamedCause & { readonly kind: 'named' };

function filesFor(cause: Named, project: RewriteProject): readonly FileChange[] {
  const rewriting: Rewriting = { name: project.name, texts: project.texts };
  switch (cause.change) {
    case 'module-form':
    case 'es-module-only': {
      const exported = exportFor(project);
      return exported === undefined ? [] : intoExport(rewriting, exported);
    }
    case 'renamed':
      return cause.renamedTo === null ? [] : renamed(rewriting, cause.symbol, cause.renamedTo);
    case 'needs-new':
      return constructed(rewriting, cause.symbol === project.name ? '' : cause.symbol);
    case 'became-async':
      return awaited(rewriting, cause.symbol === project.name ? '' : cause.symbol);
    case 'deep-import-blocked': {
      const wanted = plain(cause.symbol.split('/').at(-1) ?? '');
      const [exported, ...more] = project.names.filter((each) => plain(each) === wanted);
      return exported === undefined || more.length > 0 ? [] : fromDoor(rewriting, cause.symbol, exported);
    }
    default:
      return [];
  }
}

/** The export that is the thing itself now: its default, or the only one that is named as the package. */
function exportFor({ name, names }: RewriteProject): string | undefined {
  const wanted = name.split('/').at(-1) ?? name;
  // `glob` gives glob and Glob: the one that is spelt the same is meant.
  if (names.includes(wanted)) return wanted;
  const own = names.filter((each) => plain(each) === plain(wanted));
  if (own.length === 1) return own[0];
  return names.includes('default') ? 'default' : undefined;
}

/** `lru-cache` and `LRUCache` are one name. */
const plain = (name: string): string => name.replaceAll(/[^a-z0-9]/gi, '').toLowerCase();

function sentenceOf(
  { change, symbol, renamedTo }: Named,
  project: RewriteProject,
  files: readonly FileChange[],
): string {
  const count = files.flatMap(({ places }) => places).length;
  const where =
    count === 1
      ? `at ${files[0]?.places[0] ?? ''}`
      : `at ${count} places in ${files.length === 1 ? (files[0]?.path ?? '') : `${files.length} files`}`;
  switch (change) {
    case 'renamed':
      return `Use ${renamedTo ?? ''} for ${symbol}, ${where}.`;
    case 'needs-new':
      return `Make ${symbol} with new, ${where}.`;
    case 'became-async':
      return `Wait for what ${symbol} gives, ${where}.`;
    case 'deep-import-blocked':
      return `Take it from ${project.name} itself instead of ${symbol}, ${where}.`;
    default:
      return `Take ${exportFor(project) ?? ''} of ${project.name}, ${where}.`;
  }
}

// Which attempts are worth a trial after a refusal: a rewrite that follows from the cause, an older version, a partner.
// Pure. Rule: one of each kind and so at most three, then a person is asked; whether one mends it, only a trial says.
// An attempt never touches a test's expectation on purpose, and what it touches is told by places.

import type { Diagnosis } from '../look-into.ts';
import type { NamedCause } from '../name-cause.ts';
import { awaited, fromDoor, intoExport, constructed, renamed, type FileChange, type Rewriting } from './rewrites.ts';

export type Attempt =
  /** Code of the project is changed; to be tried together with the upgrade. */
  | { readonly kind: 'rewrite'; readonly sentence: string; readonly files: readonly FileChange[] }
  /** The newest version below is to be tried; the search does it. */
  | { readonly kind: 'step-down'; readonly sentence: string; readonly versions: readonly string[] }
  /** Others move along; the search does it. */
  | { readonly kind: 'partners'; readonly sentence: string; readonly names: readonly string[] };

/** More files than these nobody reviews as one change of one upgrade. */
const FILES_MAX = 50;

export interface AttemptProject {
  readonly name: string;
  readonly texts: ReadonlyMap<string, string>;
  /** What the package exports now; empty where that is not known. */
  readonly names: readonly string[];
  /** Versions between the installed and the refused one that are worth a trial, newest first. */
  readonly versionsBelow: readonly string[];
  /** Other planned upgrades that share a peer with it. */
  readonly partners: readonly string[];
}

export function attemptsFor(cause: NamedCause, project: AttemptProject): readonly Attempt[] {
  const attempts: Attempt[] = [];
  const files = cause.kind === 'named' ? rewriteFor(cause, project) : [];
  if (files.length > 0 && files.length <= FILES_MAX && cause.kind === 'named') {
    attempts.push({ kind: 'rewrite', sentence: sentenceOf(cause, project, files), files });
  }
  const { name, partners, versionsBelow } = project;
  if (partners.length > 0) {
    attempts.push({ kind: 'partners', sentence: `${name} together with ${partners.join(', ')}.`, names: partners });
  }
  if (versionsBelow.length > 0) {
    const sentence = `${name} ${versionsBelow[0] ?? ''} instead of the newest version.`;
    attempts.push({ kind: 'step-down', sentence, versions: versionsBelow });
  }
  return attempts;
}

/** What the door needs of a diagnosis. */
export const namesIn = ({ difference }: Diagnosis): readonly string[] => difference?.names ?? [];

type Named = NamedCause & { readonly kind: 'named' };

function rewriteFor(cause: Named, project: AttemptProject): readonly FileChange[] {
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
function exportFor({ name, names }: AttemptProject): string | undefined {
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
  project: AttemptProject,
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

// What an expression says of a patch.
// Rule: `!=` is exactly the opposite of `=`; a patch without a confidence is neither above nor below any. A patch of
// several hands matches a model if one of its parts is by it.

import picomatch from 'picomatch';

import { unreachable } from 'kernel/basics';

import { isAiAssisted, type Attribution, type Model } from './attribution.ts';
import { isModelCalled, isProviderCalled, type Registry } from './registry.ts';
import type { Comparison, Ordering, TextField, Where } from './where.ts';

/** What is asked of a patch. */
export interface WhereRecord {
  /** Null: nobody knows. */
  readonly attribution: Attribution | null;
  readonly author: { readonly name: string; readonly email: string };
  /** Paths from the top of the tree, with `/`. */
  readonly files: readonly string[];
}

export type WhereMatcher = (record: WhereRecord) => boolean;

/** The expression as a function; globs are compiled once. */
export function matcherOf(where: Where, registry: Registry): WhereMatcher {
  switch (where.kind) {
    case 'not': {
      const matches = matcherOf(where.term, registry);
      return (record) => !matches(record);
    }
    case 'and': {
      const all = where.terms.map((term) => matcherOf(term, registry));
      return (record) => all.every((matches) => matches(record));
    }
    case 'or': {
      const any = where.terms.map((term) => matcherOf(term, registry));
      return (record) => any.some((matches) => matches(record));
    }
    case 'confidence':
      return confidenceMatcher(where);
    case 'text': {
      const matches = textMatcher(where.field, where.value, registry);
      return where.operator === '=' ? matches : (record) => !matches(record);
    }
    default:
      return unreachable(where);
  }
}

function textMatcher(field: TextField, value: string, registry: Registry): WhereMatcher {
  switch (field) {
    case 'ai.provider': {
      const matches = wildcardOr(value, (provider) => isProviderCalled(registry, provider, value));
      return (record) => modelsOf(record).some(({ provider }) => provider !== null && matches(provider));
    }
    case 'ai.model':
      return modelMatcher(value, registry);
    case 'actor':
      return ({ attribution }) => (attribution?.actor ?? 'untracked') === value;
    case 'author': {
      const wanted = value.toLowerCase();
      return ({ author }) => `${author.name} <${author.email}>`.toLowerCase().includes(wanted);
    }
    case 'file': {
      const matches = fileMatcher(value);
      return ({ files }) => files.some(matches);
    }
    case 'suggestion':
      return ({ attribution }) => attribution !== null && isAiAssisted(attribution) && attribution.suggestion === value;
    default:
      return unreachable(field);
  }
}

function modelMatcher(value: string, registry: Registry): WhereMatcher {
  const matchesName = value.includes('*') ? picomatch(value, { nocase: true }) : null;
  return (record) =>
    modelsOf(record).some((model) => {
      if (model.kind === 'untold') return value === 'unknown';
      if (matchesName === null) return isModelCalled(registry, model, value);
      return matchesName(model.model) || matchesName(`${model.provider}/${model.model}`);
    });
}

/** A pattern without a slash is of the file's name; a folder stands for all in it. */
function fileMatcher(glob: string): (path: string) => boolean {
  const plain = glob.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  if (plain === '') return () => true;
  const named = picomatch(plain, { dot: true, basename: !glob.endsWith('/') });
  const inside = picomatch(`${plain}/**`, { dot: true });
  return (path) => named(path) || inside(path);
}

function wildcardOr(value: string, matches: (text: string) => boolean): (text: string) => boolean {
  return value.includes('*') ? picomatch(value, { nocase: true }) : matches;
}

function modelsOf({ attribution }: WhereRecord): readonly Model[] {
  if (attribution === null || !isAiAssisted(attribution)) return [];
  const parts = attribution.hunks.flatMap((hunk) => ('model' in hunk && hunk.model !== null ? [hunk.model] : []));
  return [attribution.source.model, ...parts];
}

function confidenceMatcher({ operator, value }: Comparison & { readonly kind: 'confidence' }): WhereMatcher {
  return ({ attribution }) => {
    const confidence = attribution !== null && isAiAssisted(attribution) ? attribution.confidence : null;
    return confidence === null ? operator === '!=' : COMPARE[operator](confidence, value);
  };
}

const COMPARE: Readonly<Record<Ordering, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

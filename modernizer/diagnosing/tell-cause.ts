// Says a named cause in sentences for a person, together with what the log alone told. Pure.
// Rule: how sure a cause is, its words say: what the log names is told as it is, a difference alone as a difference.

import { unreachable } from 'kernel/basics';

import type { Cause } from './cause-of.ts';
import type { BoundedDiagnosis } from './in-worker.ts';
import type { NamedCause } from './name-cause.ts';

/** `told`: what causeOf said. The places of a named cause come first: they are exact to the column. */
export function toldCause(told: Cause, found: BoundedDiagnosis): Cause {
  if (found.kind === 'not-known')
    return { ...told, cause: `${told.cause} Its cause was not looked into: ${found.reason}.` };
  const { cause } = found.diagnosis;
  const sentence = causeSentence(cause);
  if (cause.kind === 'not-known') return { ...told, cause: `${told.cause} ${sentence}` };
  const lines = new Set(cause.places.map((place) => place.split(':').slice(0, 2).join(':')));
  const others = told.where.filter((place) => !lines.has(place.split(':').slice(0, 2).join(':')));
  return { cause: `${told.cause} ${sentence}`, where: [...cause.places, ...others].slice(0, WHERE_MAX) };
}

/** As many as a person looks at. */
const WHERE_MAX = 5;

export function causeSentence(cause: NamedCause): string {
  if (cause.kind === 'not-known') return `Which use of it breaks is not known. ${cause.looked.join(' ')}`.trim();
  const at = cause.places[0] === undefined ? '' : ` (${cause.places[0]})`;
  return `${proofWords(cause)}${whatChanged(cause)}${at}.`;
}

type Named = NamedCause & { readonly kind: 'named' };

function proofWords({ proof }: Named): string {
  switch (proof) {
    case 'log-and-difference':
    case 'log':
      return '';
    case 'difference':
      return 'The log names no use of it; where the project uses it, this changed: ';
    case 'test':
      return 'The failing tests use of it only what follows: ';
    default:
      return unreachable(proof);
  }
}

function whatChanged({ change, symbol, renamedTo, before, after }: Named): string {
  const fromTo = before === null || after === null ? '' : `: it was ${before}, it is ${after}`;
  switch (change) {
    case 'removed':
      return `${symbol} is gone`;
    case 'renamed':
      return `${symbol} is called ${renamedTo ?? 'otherwise'} now`;
    case 'module-form':
    case 'es-module-only':
      return `what ${symbol} gives as a whole changed${fromTo}`;
    case 'no-longer-callable':
      return `${symbol} can no longer be called`;
    case 'needs-new':
      return `${symbol} has to be made with new`;
    case 'became-async':
      return `${symbol} gives a promise now`;
    case 'parameter-required':
    case 'fewer-parameters':
    case 'signature':
      return `${symbol} takes other parameters${fromTo}`;
    case 'deep-import-blocked':
      return `${symbol} can no longer be imported`;
    case 'command-gone':
      return `the command ${symbol} is gone`;
    case 'rule':
      return `the rule ${symbol} is broken now`;
    case 'behaviour':
      return `${symbol} does something else than before`;
    case 'node-raised':
    case 'entry-moved':
      return `${symbol} is loaded otherwise`;
    default:
      return unreachable(change);
  }
}

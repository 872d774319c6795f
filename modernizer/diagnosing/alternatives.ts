// Finds where several ways are valid: an upgrade that was refused only because of others that are kept.
// Rule: a person is asked only about ways that a trial has shown to be green. Decision 0010.

import type { Decision } from '../protocol/index.ts';

export interface RefusedForOthers {
  readonly name: string;
  /** Kept upgrades that the resolver's chain names. */
  readonly against: readonly string[];
}

export interface ConflictFacts {
  readonly kept: readonly string[];
  readonly refused: readonly {
    readonly name: string;
    /** The packages in the resolver's chain, such as `eslint@9.0.0`; empty when the resolver did not refuse. */
    readonly chain: readonly string[];
    /** Peers that the upgrade's target names. */
    readonly peers: readonly string[];
  }[];
}

/** More questions than these at once nobody answers well; the rest stay refused with their cause. */
const QUESTIONS_MAX = 5;

/** The refused upgrades for which another choice of kept ones might be green. */
export function conflictsIn(facts: ConflictFacts): readonly RefusedForOthers[] {
  return facts.refused
    .filter(({ chain }) => chain.length > 0)
    .map(({ name, chain, peers }) => {
      const named = new Set([...chain.map(packageOf), ...peers]);
      return { name, against: facts.kept.filter((other) => other !== name && named.has(other)) };
    })
    .filter(({ against }) => against.length > 0)
    .slice(0, QUESTIONS_MAX);
}

/** The set to try instead: what is kept, without the ones in the way, with the refused one. */
export const insteadOf = (kept: readonly string[], conflict: RefusedForOthers): readonly string[] => [
  ...kept.filter((name) => !conflict.against.includes(name)),
  conflict.name,
];

export interface Alternative {
  readonly conflict: RefusedForOthers;
  /** The green trial that shows the other way. */
  readonly trial: string;
}

const KEEP_OPTION = 'keep';
export const TAKE_OPTION = 'take';

/** The question about one alternative. The default keeps what stands: it costs the person nothing. */
export function decisionOn(alternative: Alternative, id: string, sentence: string): Decision {
  const { name, against } = alternative.conflict;
  const others = listed(against);
  return {
    id,
    question: `Which upgrade do you want: ${others}, or ${name}?`,
    why: `They cannot be installed together. ${sentence} Each way was tried and is green.`,
    options: [
      { id: KEEP_OPTION, label: `Keep ${others}`, detail: `${name} stays as it is.` },
      {
        id: TAKE_OPTION,
        label: `Take ${name}`,
        detail: `${others} ${against.length === 1 ? 'stays' : 'stay'} as before.`,
      },
    ],
    defaultOption: KEEP_OPTION,
    trials: [alternative.trial],
  };
}

const packageOf = (spec: string): string => {
  const at = spec.indexOf('@', 1);
  return at === -1 ? spec : spec.slice(0, at);
};

const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;

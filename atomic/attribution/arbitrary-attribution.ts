// Any attribution that can be written down, for properties.

import { microdollars } from 'kernel/basics';
import fc from 'fast-check';

import {
  SUGGESTION_TYPES,
  PRIVACY_LEVELS,
  basisPoints,
  type Agent,
  type AiSource,
  type Attribution,
  type BasisPoints,
  type Hunk,
  type KeyId,
  type KnownModel,
  type PersonHunk,
  type PromptHash,
} from './attribution.ts';
import { keyedName } from './keyed-name.ts';
import { WELL_KNOWN_MODELS, WELL_KNOWN_PROVIDERS, WELL_KNOWN_TOOLS } from './well-known-names.ts';

const bytes16 = fc.uint8Array({ minLength: 16, maxLength: 16 });
const word = fc.string({ unit: 'grapheme', maxLength: 12 });
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const count = fc.maxSafeNat();
const share: fc.Arbitrary<BasisPoints> = fc.nat(10_000).map((n) => basisPoints(n / 10_000) ?? ZERO);
const ZERO = (basisPoints(0) ?? 0) as BasisPoints;

const key = maybe(bytes16.map((bytes) => keyedName<KeyId>(bytes)));
const author = fc.oneof(
  fc.record({ kind: fc.constant('header' as const), n: fc.nat(9), key }),
  fc.record({ kind: fc.constant('named' as const), name: word, email: word, key }),
);

const asked = {
  version: maybe(word),
  temperatureMilli: maybe(fc.nat(2000)),
  maxTokens: maybe(fc.nat(200_000)),
};
const arbitraryKnownModel: fc.Arbitrary<KnownModel> = fc.oneof(
  fc.record({ kind: fc.constant('known' as const), provider: name, model: name, ...asked }),
  fc.tuple(fc.constantFrom(...WELL_KNOWN_MODELS), fc.record(asked)).map(([[provider, model], rest]) => ({
    kind: 'known' as const,
    provider,
    model,
    ...rest,
  })),
);
const provider = fc.oneof(word, fc.constantFrom(...WELL_KNOWN_PROVIDERS));
const untold = fc.record({ kind: fc.constant('untold' as const), provider: maybe(provider) });

const agent: fc.Arbitrary<Agent> = fc.record({
  tool: fc.oneof(name, fc.constantFrom(...WELL_KNOWN_TOOLS)),
  toolVersion: maybe(word),
  mode: maybe(word),
  sessionId: maybe(fc.oneof(word, fc.uuid())),
  turn: maybe(word),
  toolUseId: maybe(word),
  subagent: maybe(word),
});

const witness = fc.constantFrom('hook', 'mcp', 'editor', 'trailer', 'import');
const statement = fc.constantFrom('cli-flag', 'env');
const source: fc.Arbitrary<AiSource> = fc.oneof(
  fc.record({
    evidence: fc.oneof(witness, statement, fc.constant('config' as const)),
    model: arbitraryKnownModel,
    agent: maybe(agent),
  }),
  fc.record({ evidence: witness, model: untold, agent }),
  fc.record({
    evidence: statement,
    model: fc.record({ kind: fc.constant('untold' as const), provider }),
    agent: maybe(agent),
  }),
);

interface Place {
  readonly step: number;
  readonly gap: number;
  readonly length: number | null;
}
const place: fc.Arbitrary<Place> = fc.record({ step: fc.nat(40), gap: fc.nat(300), length: maybe(fc.nat(300)) });

/** Puts parts one behind the other: whole atoms never share their number. */
function placed<T>(parts: readonly (readonly [Place, T])[]): (T & { atom: number; span: Hunk['span'] })[] {
  let atom = 0;
  let end: number | null = 0;
  return parts.map(([{ step, gap, length }, part], index) => {
    const stays = step === 0 && end !== null && length !== null && index > 0;
    if (!stays && index > 0) atom += Math.max(step, 1);
    const start = (stays ? (end ?? 0) : 0) + gap;
    const span = length === null ? null : { start, end: start + length + 1 };
    end = span?.end ?? null;
    return { ...part, atom, span };
  });
}

const personPart = fc.record({ actor: fc.constantFrom('human', 'untracked') });
const aiPart = fc.record({
  actor: fc.constantFrom('ai', 'mixed'),
  model: maybe(fc.oneof(arbitraryKnownModel, untold)),
  toolUseId: maybe(word),
});
const personHunks: fc.Arbitrary<readonly PersonHunk[]> = fc
  .array(fc.tuple(place, personPart), { maxLength: 5 })
  .map(placed);
const hunks: fc.Arbitrary<readonly Hunk[]> = fc
  .array(fc.tuple(place, fc.oneof(personPart, aiPart)), { maxLength: 5 })
  .map((parts) => placed<(typeof parts)[number][1]>(parts));

const tokens = fc.oneof(
  fc.record({ kind: fc.constant('total' as const), total: count }),
  fc.record({
    kind: fc.constant('split' as const),
    input: count,
    output: count,
    reasoning: count,
    cacheRead: count,
    cacheWrite: count,
  }),
);

export const arbitraryAttribution: fc.Arbitrary<Attribution> = fc.oneof(
  fc.record({
    actor: fc.constant('human' as const),
    author,
    evidence: fc.constantFrom('editor', 'cli-flag', 'env', 'config', 'import'),
  }),
  fc.record({
    actor: fc.constant('untracked' as const),
    author,
    evidence: fc.constantFrom('none', 'watcher', 'import'),
    hunks: personHunks,
  }),
  fc.record({
    actor: fc.constantFrom('ai', 'mixed'),
    author,
    source,
    suggestion: maybe(fc.constantFrom(...SUGGESTION_TYPES)),
    confidence: maybe(share),
    acceptance: maybe(share),
    reviewMs: maybe(count),
    prompt: maybe(
      fc.record({
        hash: bytes16.map((bytes) => keyedName<PromptHash>(bytes)),
        level: fc.constantFrom(...PRIVACY_LEVELS),
        place: maybe(word),
      }),
    ),
    tokens: maybe(tokens),
    cost: maybe(count.map(microdollars)),
    hunks,
  }),
);

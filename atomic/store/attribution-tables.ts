// Reading and counting attribution. A combination of labels that many patches share is one row.

import { instant } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import type { Database, Row } from './database.ts';
import { storeDamaged } from './faults.ts';
import type { StoreParts } from './parts.ts';
import type { ReadonlyPatchSet } from './patch-set.ts';
import type { AttributionLabels, Attributions, AttributionTally, Prompt, Review } from './store.ts';

type Source = Pick<AttributionLabels, 'actor' | 'provider' | 'model' | 'suggestion' | 'tool' | 'evidence'>;

const ACTORS: readonly AttributionLabels['actor'][] = ['ai', 'human', 'mixed', 'untracked'];
const LEVELS: readonly Prompt['level'][] = ['hash', 'redacted', 'encrypted', 'full'];
const VERDICTS: readonly Review['verdict'][] = ['accept', 'edit', 'reject'];
const WHOLE_BP = 10_000;

/** The row of a combination of labels, made where there is none. */
export function sourceOf(database: Database, known: Map<string, number>, labels: Source): number {
  const { actor, provider, model, suggestion, tool, evidence } = labels;
  const key = JSON.stringify([actor, provider, model, suggestion, tool, evidence]);
  const found = known.get(key);
  if (found !== undefined) return found;
  database.run(
    'INSERT OR IGNORE INTO attribution_sources (labels, actor, provider, model, suggestion, tool, evidence) VALUES (?, ?, ?, ?, ?, ?, ?)',
    key,
    actor,
    provider,
    model,
    suggestion,
    tool,
    evidence,
  );
  const source = database.number(database.row('SELECT source FROM attribution_sources WHERE labels = ?', key), 0);
  known.set(key, source);
  return source;
}

export function attributionsOf({ database, ancestry }: StoreParts): Attributions {
  return {
    of: (patch) => {
      const row = database.row('SELECT salt, body FROM patch_attribution WHERE patch = ?', patch);
      return row === undefined ? null : { salt: database.bytes(row, 0), blob: database.bytes(row, 1) };
    },
    labelsOf: (patch) => {
      const row = database.row(`SELECT ${LABELS} FROM ${LABELLED} WHERE patch = ?`, patch);
      return row === undefined ? null : labelsIn(database, row);
    },
    tally: (set) => tally(database, set),
    prompts: () => database.rows(PROMPTS).map((row) => promptIn(database, row)),
    reviews: () => database.rows(`${REVIEWS} ORDER BY at, patch`).map((row) => reviewIn(database, row)),
    reviewsOf: (patch) =>
      database.rows(`${REVIEWS} WHERE patch = ? ORDER BY at`, patch).map((row) => reviewIn(database, row)),
    weightsOf: (patch) => weightsOf(database, patch, ancestry.dependenciesOf(patch)),
  };
}

const SOURCE = 'actor, provider, model, suggestion, tool, evidence';
const LABELS = `${SOURCE}, confidence_bp, acceptance_bp, prompt, tokens_in, tokens_out, cost_micro_usd`;
const LABELLED = 'patch_attribution JOIN attribution_sources USING (source)';
const REVIEWS = 'SELECT patch, reviewer, verdict, duration_ms, lines_shown, at, signature FROM reviews';
const PROMPTS = `SELECT prompt, level, body, (SELECT count(*) FROM patch_attribution WHERE prompt = prompts.prompt)
  FROM prompts ORDER BY prompt`;

const sourceIn = (database: Database, row: Row): Source => ({
  actor: oneOf(database, row, 0, ACTORS),
  provider: database.textOrNull(row, 1),
  model: database.textOrNull(row, 2),
  suggestion: database.textOrNull(row, 3),
  tool: database.textOrNull(row, 4),
  evidence: database.text(row, 5),
});

const labelsIn = (database: Database, row: Row): AttributionLabels => ({
  ...sourceIn(database, row),
  confidenceBp: database.numberOrNull(row, 6),
  acceptanceBp: database.numberOrNull(row, 7),
  promptHash: database.bytesOrNull(row, 8),
  tokensIn: database.numberOrNull(row, 9),
  tokensOut: database.numberOrNull(row, 10),
  costMicroUsd: database.numberOrNull(row, 11),
});

const promptIn = (database: Database, row: Row): Prompt => ({
  hash: database.bytes(row, 0),
  level: oneOf(database, row, 1, LEVELS),
  body: database.bytesOrNull(row, 2),
  references: database.number(row, 3),
});

const reviewIn = (database: Database, row: Row): Review => ({
  patch: database.number(row, 0),
  reviewer: database.bytes(row, 1),
  verdict: oneOf(database, row, 2, VERDICTS),
  durationMs: database.number(row, 3),
  linesShown: database.numberOrNull(row, 4),
  at: instant(database.number(row, 5)),
  signature: database.bytes(row, 6),
});

function oneOf<Word extends string>(database: Database, row: Row, column: number, words: readonly Word[]): Word {
  const text = database.text(row, column);
  const word = words.find((each) => each === text);
  if (word === undefined) throw storeDamaged(database.path);
  return word;
}

type Counted = AttributionTally & { readonly patches: number };

/** Patches without attribution, or with one that nobody here could read, are untracked. */
function tally(database: Database, set: ReadonlyPatchSet): readonly Counted[] {
  const sums = new Map<number, { patches: number; tokensIn: number; tokensOut: number; costMicroUsd: number }>();
  let labelled = 0;
  for (const row of database.rows(TALLIED)) {
    if (!set.has(database.number(row, 0))) continue;
    labelled += 1;
    const source = database.number(row, 1);
    const sum = sums.get(source) ?? { patches: 0, tokensIn: 0, tokensOut: 0, costMicroUsd: 0 };
    sum.patches += 1;
    sum.tokensIn += database.number(row, 2);
    sum.tokensOut += database.number(row, 3);
    sum.costMicroUsd += database.number(row, 4);
    sums.set(source, sum);
  }
  const found = [...sums].map(([source, sum]) => ({
    ...sourceIn(database, requiredSource(database, source)),
    ...sum,
  }));
  const unlabelled = set.size - labelled;
  return unlabelled === 0 ? found : [...found, { ...NOTHING_KNOWN, patches: unlabelled }];
}

const TALLIED = `SELECT patch, source, coalesce(tokens_in, 0), coalesce(tokens_out, 0), coalesce(cost_micro_usd, 0)
  FROM patch_attribution WHERE source IS NOT NULL`;
const NOTHING_KNOWN: AttributionTally = {
  actor: 'untracked',
  provider: null,
  model: null,
  suggestion: null,
  tool: null,
  evidence: 'none',
  tokensIn: 0,
  tokensOut: 0,
  costMicroUsd: 0,
};

function requiredSource(database: Database, source: number): Row {
  const row = database.row(`SELECT ${SOURCE} FROM attribution_sources WHERE source = ?`, source);
  if (row === undefined) throw storeDamaged(database.path);
  return row;
}

function weightsOf(
  database: Database,
  patch: PatchNumber,
  dependencies: readonly PatchNumber[],
): ReturnType<Attributions['weightsOf']> {
  const owned = dependencies.map((dependency) => ({
    dependency,
    bytes: database.number(
      database.row('SELECT bytes FROM dependents WHERE dependency = ? AND patch = ?', dependency, patch),
      0,
    ),
  }));
  const all = Math.max(
    1,
    owned.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  return owned.map(({ dependency, bytes }) => ({ dependency, weightBp: Math.floor((bytes * WHOLE_BP) / all) }));
}

// Reads the bytes of an attribution.
// Rule: anything that `encodeAttribution` would not have written is refused with a Fault: a combination that makes no
// sense, fields out of order or twice, padding, a name written out that has a number. Fields above those of form 1 are
// kept. Bounded: what is read is never longer than ATTRIBUTION_BYTES_MAX.

import { microdollars } from 'kernel/basics';

import {
  ACTORS,
  BASIS_POINTS_MAX,
  EVIDENCES,
  PRIVACY_LEVELS,
  SUGGESTION_TYPES,
  type Accountable,
  type Actor,
  type Agent,
  type Attribution,
  type BasisPoints,
  type Evidence,
  type KeyId,
  type PersonHunk,
  type PromptHash,
  type PromptReference,
  type TokenCount,
} from './attribution.ts';
import { ByteReader } from './canonical-bytes.ts';
import { decodeHunks } from './decode-hunks.ts';
import {
  ATTRIBUTION_BYTES_MAX,
  ATTRIBUTION_VERSION,
  encodeAttribution,
  FIELDS,
  type LaterField,
} from './encode-attribution.ts';
import { attributionMalformed, attributionOfLaterForm } from './faults.ts';
import { KEYED_NAME_BYTES, keyedName } from './keyed-name.ts';
import { readFields, type FieldSet } from './read-fields.ts';
import { aiSourceOf } from './ai-source.ts';
import { WELL_KNOWN_TOOLS } from './well-known-names.ts';

export interface DecodedAttribution {
  readonly attribution: Attribution;
  /** What a later Atomic said beyond; give it to `encodeAttribution` to write the same bytes. */
  readonly later: readonly LaterField[];
}

/** Throws ATOMIC_ATTRIBUTION_MALFORMED or ATOMIC_ATTRIBUTION_TOO_NEW, and nothing else. */
export function decodeAttribution(bytes: Uint8Array): DecodedAttribution {
  if (bytes.length > ATTRIBUTION_BYTES_MAX) {
    throw attributionMalformed(`It has ${bytes.length} bytes; the limit is ${ATTRIBUTION_BYTES_MAX}.`);
  }
  const reader = new ByteReader(bytes, attributionMalformed);
  const version = reader.byte();
  if (version > ATTRIBUTION_VERSION) throw attributionOfLaterForm(version);
  if (version !== ATTRIBUTION_VERSION) throw attributionMalformed(`There is no form ${version}.`);
  const head = reader.byte();
  const fields = readFields(reader);
  const actor = pick(ACTORS, head & 3, 'actor');
  const attribution = attributionOf(actor, pick(EVIDENCES, head >> 2, 'evidence'), fields);
  const later = fields.rest();
  if (Buffer.compare(encodeAttribution(attribution, later), bytes) !== 0) {
    throw attributionMalformed('It is not written in the one form there is for what it says.');
  }
  return { attribution, later };
}

function attributionOf(actor: Actor, evidence: Evidence, fields: FieldSet): Attribution {
  const author = authorOf(fields);
  if (actor === 'human') {
    if (evidence === 'editor' || evidence === 'cli-flag' || evidence === 'env') return { actor, author, evidence };
    if (evidence === 'config' || evidence === 'import') return { actor, author, evidence };
    throw attributionMalformed(`Evidence "${evidence}" cannot say that a person wrote it.`);
  }
  if (actor === 'untracked') {
    if (evidence === 'none' || evidence === 'watcher' || evidence === 'import') {
      return { actor, author, evidence, hunks: personHunks(fields) };
    }
    throw attributionMalformed(`Evidence "${evidence}" says who wrote it, and yet it is untracked.`);
  }
  const source = aiSourceOf(evidence, fields.model(), agentOf(fields));
  if (source.kind === 'refused') throw attributionMalformed(source.why);
  const suggestion = fields.number(FIELDS.suggestion);
  const cost = fields.number(FIELDS.cost);
  return {
    actor,
    author,
    source: source.source,
    suggestion: suggestion === null ? null : pick(SUGGESTION_TYPES, suggestion, 'suggestion type'),
    confidence: shareOf(fields.number(FIELDS.confidence)),
    acceptance: shareOf(fields.number(FIELDS.acceptance)),
    reviewMs: fields.number(FIELDS.reviewMs),
    prompt: promptOf(fields.bytes(FIELDS.prompt)),
    tokens: tokensOf(fields.bytes(FIELDS.tokens)),
    cost: cost === null ? null : microdollars(cost),
    hunks: decodeHunks(fields.bytes(FIELDS.hunks)),
  };
}

function authorOf(fields: FieldSet): Accountable {
  const n = fields.number(FIELDS.authorNumber);
  const named = fields.bytes(FIELDS.authorNamed);
  const keyBytes = fields.bytes(FIELDS.authorKey);
  if (keyBytes !== null && keyBytes.length !== KEYED_NAME_BYTES) throw attributionMalformed('A key id has 16 bytes.');
  const key = keyBytes === null ? null : keyedName<KeyId>(keyBytes);
  if (named === null) return { kind: 'header', n: n ?? 0, key };
  if (n !== null) throw attributionMalformed('It names its author twice.');
  const reader = new ByteReader(named, attributionMalformed);
  const author: Accountable = { kind: 'named', name: reader.text(), email: reader.text(), key };
  if (!reader.isAtEnd) throw attributionMalformed('Something stands behind the author.');
  return author;
}

function agentOf(fields: FieldSet): Agent | null {
  const tool = fields.known(FIELDS.tool, WELL_KNOWN_TOOLS);
  const uuid = fields.bytes(FIELDS.sessionUuid);
  const rest = {
    toolVersion: fields.text(FIELDS.toolVersion),
    mode: fields.text(FIELDS.mode),
    sessionId: fields.text(FIELDS.session) ?? (uuid === null ? null : uuidText(uuid)),
    turn: fields.text(FIELDS.turn),
    toolUseId: fields.text(FIELDS.toolUseId),
    subagent: fields.text(FIELDS.subagent),
  };
  if (tool !== null && tool !== '') return { tool, ...rest };
  if (tool === '' || Object.values(rest).some((value) => value !== null)) {
    throw attributionMalformed('It speaks of an agent without its name.');
  }
  return null;
}

function uuidText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function personHunks(fields: FieldSet): readonly PersonHunk[] {
  return decodeHunks(fields.bytes(FIELDS.hunks)).map((hunk) => {
    if (hunk.actor === 'human' || hunk.actor === 'untracked') return hunk;
    throw attributionMalformed('It is untracked, and yet a part of it is by an AI.');
  });
}

function promptOf(bytes: Uint8Array | null): PromptReference | null {
  if (bytes === null) return null;
  const reader = new ByteReader(bytes, attributionMalformed);
  const level = pick(PRIVACY_LEVELS, reader.byte(), 'privacy level');
  const hash = keyedName<PromptHash>(reader.raw(KEYED_NAME_BYTES));
  const place = reader.isAtEnd ? null : reader.text();
  if (!reader.isAtEnd) throw attributionMalformed('Something stands behind the prompt.');
  return { hash, level, place };
}

function tokensOf(bytes: Uint8Array | null): TokenCount | null {
  if (bytes === null) return null;
  const reader = new ByteReader(bytes, attributionMalformed);
  const first = reader.varint();
  if (reader.isAtEnd) return { kind: 'total', total: first };
  const [output, reasoning, cacheRead, cacheWrite] = [
    reader.varint(),
    reader.varint(),
    reader.varint(),
    reader.varint(),
  ];
  if (!reader.isAtEnd) throw attributionMalformed('Something stands behind the tokens.');
  return { kind: 'split', input: first, output, reasoning, cacheRead, cacheWrite };
}

function shareOf(value: number | null): BasisPoints | null {
  if (value === null) return null;
  if (value > BASIS_POINTS_MAX) throw attributionMalformed(`${value} basis points are more than everything.`);
  return value as BasisPoints;
}

function pick<T>(list: readonly T[], place: number, what: string): T {
  const found = list[place];
  if (found === undefined) throw attributionMalformed(`There is no ${what} number ${place}.`);
  return found;
}

// An attribution as bytes, and the commitment that ties it to its patch.
// Form: version byte 1 · head byte (actor in bits 0–1, evidence in bits 2–5) · fields in ascending order. A field is a
// varint `number * 2 + wire`, then a varint (wire 0) or length and bytes (wire 1), so that a reader can step over a
// field of a later Atomic and keep it. Whatever has its usual value is left out: a person's own patch is 2 bytes.
// Rule: the same attribution is always the same bytes; the golden vectors in the tests never change.
// Not here: reading (decode-attribution.ts).

import { createHash } from 'node:crypto';

import {
  ACTORS,
  EVIDENCES,
  PRIVACY_LEVELS,
  SUGGESTION_TYPES,
  evidenceOf,
  isAiAssisted,
  type Accountable,
  type Agent,
  type Attribution,
  type Hunk,
  type KeyId,
  type Model,
  type PromptHash,
  type PromptReference,
  type TokenCount,
} from './attribution.ts';
import { ByteWriter } from './canonical-bytes.ts';
import { attributionTooLarge } from './faults.ts';
import { keyedNameBytes } from './keyed-name.ts';
import { WELL_KNOWN_MODELS, WELL_KNOWN_PROVIDERS, WELL_KNOWN_TOOLS } from './well-known-names.ts';

export const ATTRIBUTION_VERSION = 1;
/** A patch of a thousand parts needs about 8 KiB; more than 64 KiB is no attribution any more. */
export const ATTRIBUTION_BYTES_MAX = 64 * 1024;
/** No name, id or address in use comes near; paths of transcripts may be long. */
export const TEXT_BYTES_MAX = 1024;
/** 128 bits: nobody guesses the attribution of a patch by trying the few that are likely. */
export const SALT_BYTES = 16;

/** Field numbers of form 1. Never changed, never used again for something else. */
export const FIELDS = {
  authorNumber: 1,
  authorNamed: 2,
  authorKey: 3,
  provider: 4,
  model: 5,
  modelVersion: 6,
  temperature: 7,
  maxTokens: 8,
  tool: 9,
  toolVersion: 10,
  mode: 11,
  session: 12,
  sessionUuid: 13,
  turn: 14,
  toolUseId: 15,
  subagent: 16,
  suggestion: 17,
  confidence: 18,
  acceptance: 19,
  reviewMs: 20,
  prompt: 21,
  tokens: 22,
  cost: 23,
  hunks: 24,
} as const;

export const WIRE_NUMBER = 0;
const WIRE_BYTES = 1;

/** A field that a later Atomic wrote. Kept as it is. */
export interface LaterField {
  readonly number: number;
  readonly value: number | Uint8Array;
}

type Field = LaterField;

/** The bytes of an attribution; with what `decodeAttribution` found of later fields, they are written again. */
export function encodeAttribution(attribution: Attribution, later: readonly LaterField[] = []): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(ATTRIBUTION_VERSION);
  writer.byte(ACTORS.indexOf(attribution.actor) | (EVIDENCES.indexOf(evidenceOf(attribution)) << 2));
  for (const { number, value } of [...fieldsOf(attribution), ...later]) {
    if (typeof value === 'number') {
      writer.varint(number * 2 + WIRE_NUMBER);
      writer.varint(value);
    } else {
      writer.varint(number * 2 + WIRE_BYTES);
      writer.bytes(value);
    }
  }
  const bytes = writer.finish();
  if (bytes.length > ATTRIBUTION_BYTES_MAX) throw attributionTooLarge('all of it', ATTRIBUTION_BYTES_MAX);
  return bytes;
}

/** SHA-256 of salt ‖ blob: what the patch's own hash covers, so that the blob can be left out and proven later. */
export function commitTo(salt: Uint8Array, blob: Uint8Array): Uint8Array {
  return createHash('sha256').update(salt).update(blob).digest();
}

export const matchesCommitment = (commitment: Uint8Array, salt: Uint8Array, blob: Uint8Array): boolean =>
  Buffer.compare(commitTo(salt, blob), commitment) === 0;

/** `random` gives that many unpredictable bytes, such as `randomBytes` of node:crypto. */
export function makeSalt(random: (bytes: number) => Uint8Array): Uint8Array {
  const salt = random(SALT_BYTES);
  if (salt.length !== SALT_BYTES) throw new RangeError(`A salt has ${SALT_BYTES} bytes, not ${salt.length}.`);
  return salt;
}

function fieldsOf(attribution: Attribution): readonly Field[] {
  const author = authorFields(attribution.author);
  if (attribution.actor === 'human') return author;
  const hunks = hunksField(attribution.hunks);
  if (!isAiAssisted(attribution)) return [...author, ...hunks];
  const { source, suggestion, confidence, acceptance, reviewMs, prompt, tokens, cost } = attribution;
  return [
    ...author,
    ...modelFields(source.model),
    ...agentFields(source.agent),
    ...number(FIELDS.suggestion, suggestion === null ? null : SUGGESTION_TYPES.indexOf(suggestion)),
    ...number(FIELDS.confidence, confidence),
    ...number(FIELDS.acceptance, acceptance),
    ...number(FIELDS.reviewMs, reviewMs),
    ...(prompt === null ? [] : [{ number: FIELDS.prompt, value: promptBytes(prompt) }]),
    ...(tokens === null ? [] : [{ number: FIELDS.tokens, value: tokenBytes(tokens) }]),
    ...number(FIELDS.cost, cost),
    ...hunks,
  ];
}

function authorFields(author: Accountable): readonly Field[] {
  const key = author.key === null ? [] : [{ number: FIELDS.authorKey, value: keyedNameBytes<KeyId>(author.key) }];
  if (author.kind === 'header') return [...(author.n === 0 ? [] : number(FIELDS.authorNumber, author.n)), ...key];
  const writer = new ByteWriter();
  writer.bytes(utf8('the name of the author', author.name));
  writer.bytes(utf8('the address of the author', author.email));
  return [{ number: FIELDS.authorNamed, value: writer.finish() }, ...key];
}

function modelFields(model: Model): readonly Field[] {
  const provider = (name: string | null): readonly Field[] => known(FIELDS.provider, WELL_KNOWN_PROVIDERS, name);
  if (model.kind === 'untold') return provider(model.provider);
  const place = WELL_KNOWN_MODELS.findIndex(([of, name]) => of === model.provider && name === model.model);
  return [
    ...(place === -1 ? provider(model.provider) : []),
    ...(place === -1 ? text(FIELDS.model, model.model) : number(FIELDS.model, place)),
    ...text(FIELDS.modelVersion, model.version),
    ...number(FIELDS.temperature, model.temperatureMilli),
    ...number(FIELDS.maxTokens, model.maxTokens),
  ];
}

function agentFields(agent: Agent | null): readonly Field[] {
  if (agent === null) return [];
  return [
    ...known(FIELDS.tool, WELL_KNOWN_TOOLS, agent.tool),
    ...text(FIELDS.toolVersion, agent.toolVersion),
    ...text(FIELDS.mode, agent.mode),
    ...sessionFields(agent.sessionId),
    ...text(FIELDS.turn, agent.turn),
    ...text(FIELDS.toolUseId, agent.toolUseId),
    ...text(FIELDS.subagent, agent.subagent),
  ];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Most agents name a session by a UUID: 36 characters that are 16 bytes. */
const sessionFields = (id: string | null): readonly Field[] =>
  id !== null && UUID.test(id)
    ? [{ number: FIELDS.sessionUuid, value: Buffer.from(id.replaceAll('-', ''), 'hex') }]
    : text(FIELDS.session, id);

function promptBytes(prompt: PromptReference): Uint8Array {
  const writer = new ByteWriter();
  writer.byte(PRIVACY_LEVELS.indexOf(prompt.level));
  writer.raw(keyedNameBytes<PromptHash>(prompt.hash));
  if (prompt.place !== null) writer.bytes(utf8('the place of the prompt', prompt.place));
  return writer.finish();
}

function tokenBytes(tokens: TokenCount): Uint8Array {
  const writer = new ByteWriter();
  if (tokens.kind === 'total') writer.varint(tokens.total);
  else {
    for (const count of [tokens.input, tokens.output, tokens.reasoning, tokens.cacheRead, tokens.cacheWrite]) {
      writer.varint(count);
    }
  }
  return writer.finish();
}

/** Bits of the first number of a hunk, above which stands how many atoms further it is than the one before. */
export const HUNK_BITS = { actor: 3, hasSpan: 4, hasModel: 8, hasToolUse: 16, atomStep: 32 } as const;

function hunksField(hunks: readonly Hunk[]): readonly Field[] {
  if (hunks.length === 0) return [];
  const writer = new ByteWriter();
  let atom = 0;
  for (const hunk of hunks) {
    const model = 'model' in hunk ? hunk.model : null;
    const toolUseId = 'toolUseId' in hunk ? hunk.toolUseId : null;
    let head = ACTORS.indexOf(hunk.actor) + (hunk.atom - atom) * HUNK_BITS.atomStep;
    if (hunk.span !== null) head += HUNK_BITS.hasSpan;
    if (model !== null) head += HUNK_BITS.hasModel;
    if (toolUseId !== null) head += HUNK_BITS.hasToolUse;
    writer.varint(head);
    if (hunk.span !== null) {
      writer.varint(hunk.span.start);
      writer.varint(hunk.span.end - hunk.span.start);
    }
    if (model !== null) writeModel(writer, model);
    if (toolUseId !== null) writer.bytes(utf8('the id of a tool use', toolUseId));
    atom = hunk.atom;
  }
  return [{ number: FIELDS.hunks, value: writer.finish() }];
}

/** A model inside a hunk: its own fields, with their length. */
function writeModel(writer: ByteWriter, model: Model): void {
  const fields = new ByteWriter();
  for (const { number, value } of modelFields(model)) {
    fields.varint(number * 2 + (typeof value === 'number' ? WIRE_NUMBER : WIRE_BYTES));
    if (typeof value === 'number') fields.varint(value);
    else fields.bytes(value);
  }
  writer.bytes(fields.finish());
}

const number = (field: number, value: number | null): readonly Field[] =>
  value === null ? [] : [{ number: field, value }];

const text = (field: number, value: string | null): readonly Field[] =>
  value === null ? [] : [{ number: field, value: utf8('a text in it', value) }];

/** Its place in a list, or the name itself where it is not in there. */
function known(field: number, list: readonly string[], name: string | null): readonly Field[] {
  const place = name === null ? -1 : list.indexOf(name);
  return place === -1 ? text(field, name) : number(field, place);
}

function utf8(what: string, value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  if (bytes.length > TEXT_BYTES_MAX) throw attributionTooLarge(what, TEXT_BYTES_MAX);
  return bytes;
}

// The fields of an attribution's bytes, by number. Taking one marks it as read; what is left over is of a later Atomic.

import type { Model } from './attribution.ts';
import type { ByteReader } from './canonical-bytes.ts';
import { FIELDS, TEXT_BYTES_MAX, WIRE_NUMBER, type LaterField } from './encode-attribution.ts';
import { attributionMalformed } from './faults.ts';
import { WELL_KNOWN_MODELS, WELL_KNOWN_PROVIDERS } from './well-known-names.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const HIGHEST_FIELD = Math.max(...Object.values(FIELDS));

/** Reads to the end. Fields stand in ascending order, each once. */
export function readFields(reader: ByteReader): FieldSet {
  const fields = new Map<number, LaterField>();
  let last = 0;
  while (!reader.isAtEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 2);
    if (number <= last) throw attributionMalformed(`Field ${number} stands behind field ${last}.`);
    last = number;
    fields.set(number, { number, value: tag % 2 === WIRE_NUMBER ? reader.varint() : reader.bytes().slice() });
  }
  return new FieldSet(fields);
}

export class FieldSet {
  readonly #left: Map<number, LaterField>;

  constructor(fields: Map<number, LaterField>) {
    this.#left = fields;
  }

  number(field: number): number | null {
    const value = this.#take(field);
    if (value instanceof Uint8Array) throw attributionMalformed(`Field ${field} is a number, and bytes stand there.`);
    return value;
  }

  bytes(field: number): Uint8Array | null {
    const value = this.#take(field);
    if (typeof value === 'number') throw attributionMalformed(`Field ${field} is bytes, and a number stands there.`);
    return value;
  }

  text(field: number): string | null {
    const bytes = this.bytes(field);
    return bytes === null ? null : textOf(field, bytes);
  }

  /** A name of a list, by its place in there or written out. */
  known(field: number, list: readonly string[]): string | null {
    const value = this.#take(field);
    if (value instanceof Uint8Array) return textOf(field, value);
    return value === null ? null : entryOf(list, field, value);
  }

  model(): Model {
    const model = this.#take(FIELDS.model);
    const provider = this.known(FIELDS.provider, WELL_KNOWN_PROVIDERS);
    const version = this.text(FIELDS.modelVersion);
    const temperatureMilli = this.number(FIELDS.temperature);
    const maxTokens = this.number(FIELDS.maxTokens);
    const rest = { version, temperatureMilli, maxTokens };
    if (typeof model === 'number') {
      const [of, name] = entryOf(WELL_KNOWN_MODELS, FIELDS.model, model);
      if (provider !== null) throw attributionMalformed('A model that has a number names its provider again.');
      return { kind: 'known', provider: of, model: name, ...rest };
    }
    if (model !== null) {
      const name = textOf(FIELDS.model, model);
      if (provider === null || provider === '' || name === '') {
        throw attributionMalformed('A model needs a provider and a name.');
      }
      return { kind: 'known', provider, model: name, ...rest };
    }
    if (version !== null || temperatureMilli !== null || maxTokens !== null) {
      throw attributionMalformed('It says how a model was asked, and not which.');
    }
    return { kind: 'untold', provider };
  }

  /** What nobody took: fields of a later Atomic. A field of this form that has no business here is refused. */
  rest(): readonly LaterField[] {
    const rest = [...this.#left.values()];
    const stray = rest.find(({ number }) => number <= HIGHEST_FIELD);
    if (stray !== undefined) throw attributionMalformed(`Field ${stray.number} has no meaning for such an actor.`);
    return rest;
  }

  #take(field: number): number | Uint8Array | null {
    const found = this.#left.get(field);
    this.#left.delete(field);
    return found?.value ?? null;
  }
}

function textOf(field: number, bytes: Uint8Array): string {
  if (bytes.length > TEXT_BYTES_MAX) {
    throw attributionMalformed(`Field ${field} is a text of ${bytes.length} bytes; the limit is ${TEXT_BYTES_MAX}.`);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw attributionMalformed(`The text of field ${field} is not UTF-8.`);
  }
}

function entryOf<T>(list: readonly T[], field: number, place: number): T {
  const found = list[place];
  if (found === undefined) throw attributionMalformed(`Field ${field} has no name number ${place}.`);
  return found;
}

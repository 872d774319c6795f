// Reads one table of a configuration, already parsed from TOML: every key is known, every value of its kind.
// Rule: all mistakes are collected, each with its place and what is allowed; an unknown key comes with the nearest names.
// By hand and not by a schema library: a command that records or a hook reads its settings each time it starts, and
// loading such a library takes longer than all of the rest.

import { nearestNames } from './nearest-names.ts';

type Table = Readonly<Record<string, unknown>>;

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export class TableReader {
  readonly #table: Table;
  readonly #place: string;
  readonly #mistakes: string[];
  readonly #asked = new Set<string>();

  /** `place`: where it stands, such as `provider.acme`, or ''. `mistakes`: the list to add to. */
  constructor(value: unknown, place: string, mistakes: string[]) {
    this.#place = place;
    this.#mistakes = mistakes;
    this.#table = isTable(value) ? value : {};
    if (value !== undefined && !isTable(value)) this.#mistakes.push(`${place === '' ? 'it' : place} is not a table`);
  }

  isOn(key: string): boolean | null {
    const value = this.#take(key);
    if (value === undefined || typeof value === 'boolean') return value ?? null;
    return this.#wrong(key, 'true or false');
  }

  text(key: string, lengthMax: number): string | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    const text = typeof value === 'string' ? value.trim() : '';
    return text !== '' && text.length <= lengthMax ? text : this.#wrong(key, `a text of up to ${lengthMax} characters`);
  }

  choice<Choice extends string>(key: string, choices: readonly Choice[]): Choice | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    return choices.find((choice) => choice === value) ?? this.#wrong(key, `one of ${choices.join(', ')}`);
  }

  whole(key: string, min: number, max: number): number | null {
    const value = this.#take(key);
    if (value === undefined) return null;
    const isWhole = typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
    return isWhole ? value : this.#wrong(key, `a whole number from ${min} to ${max}`);
  }

  /** Zero or more. */
  amount(key: string): number | null {
    const value = this.#take(key);
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    return value === undefined ? null : this.#wrong(key, 'a number from 0 on');
  }

  texts(key: string, countMax: number, lengthMax: number): readonly string[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    const isText = (each: unknown): each is string =>
      typeof each === 'string' && each !== '' && each.length <= lengthMax;
    if (Array.isArray(value) && value.length <= countMax && value.every(isText)) return value;
    return this.#wrong(key, `a list of up to ${countMax} texts`) ?? [];
  }

  /** The tables in a table, each with its name. */
  tables(key: string): readonly (readonly [name: string, table: TableReader])[] {
    const value = this.#take(key);
    if (value === undefined) return [];
    const inside = new TableReader(value, this.#placeOf(key), this.#mistakes);
    return Object.keys(inside.#table).map((name) => [name, inside.table(name)]);
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#table, key);
  }

  /** Says of a key that is not there that it is missing. */
  needs(...keys: readonly string[]): void {
    for (const key of keys) if (!this.has(key)) this.#mistakes.push(`${this.#placeOf(key)} is missing`);
  }

  table(key: string): TableReader {
    return new TableReader(this.#take(key), this.#placeOf(key), this.#mistakes);
  }

  /** Says of every key that nobody asked for that it is unknown. */
  finish(): void {
    for (const key of Object.keys(this.#table)) {
      if (this.#asked.has(key)) continue;
      const nearest = nearestNames(key, this.#asked);
      const hint = nearest.length === 0 ? '' : `; did you mean ${nearest.join(', ')}?`;
      this.#mistakes.push(`${this.#placeOf(key)} is not a key${hint}`);
    }
  }

  #take(key: string): unknown {
    this.#asked.add(key);
    return this.has(key) ? this.#table[key] : undefined;
  }

  #wrong(key: string, allowed: string): null {
    this.#mistakes.push(`${this.#placeOf(key)} is not ${allowed}`);
    return null;
  }

  #placeOf(key: string): string {
    return this.#place === '' ? key : `${this.#place}.${key}`;
  }
}

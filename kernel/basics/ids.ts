// Ids are 16 random characters of Crockford's base32 (80 bits), branded by what they name.
// Rule: an id is made only where the thing is created, and parsed only where it enters the program.
// People may type a unique prefix; `resolvePrefix` says what a prefix stands for.

declare const kindOfId: unique symbol;

export type Id<Kind extends string> = string & { readonly [kindOfId]: Kind };
export type RunId = Id<'run'>;
export type TrialId = Id<'trial'>;
export type DecisionId = Id<'decision'>;
export type PersonId = Id<'person'>;

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 16;
const ID_PATTERN = /^[0-9a-hjkmnp-tv-z]{16}$/;

/** Random bytes drawn ahead: to ask for them costs twenty times what an id of them costs. */
const drawn = new Uint8Array(ID_LENGTH * 256);
let used = drawn.length;

/** A new random id. 80 random bits: two of a million ids are equal with a chance below 10⁻¹². */
export function newId<Kind extends string>(): Id<Kind> {
  if (used === drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  let text = '';
  for (const end = used + ID_LENGTH; used < end; used += 1) text += ALPHABET.charAt((drawn[used] ?? 0) & 31);
  return text as Id<Kind>;
}

/** The text as an id, or undefined when it cannot be one. */
export function parseId<Kind extends string>(text: string): Id<Kind> | undefined {
  const lower = text.toLowerCase();
  return ID_PATTERN.test(lower) ? (lower as Id<Kind>) : undefined;
}

export type PrefixMatch<T extends string> =
  | { readonly kind: 'one'; readonly id: T }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly ids: readonly T[] };

/** Which of the known ids a person meant by the first characters they typed. */
export function resolvePrefix<T extends string>(known: readonly T[], prefix: string): PrefixMatch<T> {
  const wanted = prefix.toLowerCase();
  const ids = known.filter((id) => id.startsWith(wanted));
  const [first, second] = ids;
  if (first === undefined || wanted === '') return { kind: 'none' };
  return second === undefined ? { kind: 'one', id: first } : { kind: 'several', ids };
}

// Secrets that stand in a text by mistake: by the shapes that issuers give them, by the name before them, and by looking
// like nothing a person or a program writes by hand. E-mail addresses are no secrets, but personal.
// Rule: better one too many than one too few; a text comes out without any of them.
// Not here: secrets this program itself knows by value (`scrub` of kernel/basics).

type SecretKind = 'private-key' | 'api-key' | 'token' | 'password' | 'credentials-in-url' | 'high-entropy' | 'e-mail';

export interface FoundSecret {
  readonly kind: SecretKind;
  /** Characters `start` up to, without, `end`. */
  readonly start: number;
  readonly end: number;
}

/** Where there is a group, only that is the secret: the word before it helps the reader. */
const SHAPES: readonly (readonly [SecretKind, RegExp])[] = [
  [
    'private-key',
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----[\s\S]{0,20000}?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----|$)/g,
  ],
  ['private-key', /\bAGE-SECRET-KEY-1[0-9A-Z]{58}\b/g],
  ['private-key', /\batomic-ed25519-secret [A-Za-z0-9+/]{43}=/g],
  ['api-key', /\bsk-[A-Za-z0-9_-]{20,200}/g],
  ['api-key', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g],
  ['api-key', /\bAIza[A-Za-z0-9_-]{35}/g],
  ['api-key', /\b[srp]k_(?:live|test)_[A-Za-z0-9]{10,200}/g],
  ['api-key', /\bxai-[A-Za-z0-9]{20,200}/g],
  ['api-key', /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g],
  ['token', /\bgh[pousr]_[A-Za-z0-9]{30,255}/g],
  ['token', /\bgithub_pat_[A-Za-z0-9_]{22,255}/g],
  ['token', /\bglpat-[A-Za-z0-9_-]{20,64}/g],
  ['token', /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g],
  ['token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['token', /\bhf_[A-Za-z0-9]{30,64}\b/g],
  ['token', /\bpypi-[A-Za-z0-9_-]{50,255}/g],
  ['token', /\bdop_v1_[a-f0-9]{64}\b/g],
  ['token', /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{0,4096}/g],
  ['token', /\bBearer\s+([A-Za-z0-9._~+/-]{16,4096}=*)/gi],
  ['credentials-in-url', /\b[a-z][a-z0-9+.-]{1,20}:\/\/([^\s:/@]{1,200}:[^\s/@]{1,200})@/gi],
  [
    'password',
    /\b[\w-]{0,40}(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|credential)s?["']?\s{0,4}[:=]\s{0,4}["']?([^\s"',;]{6,500})/gi,
  ],
  ['e-mail', /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}\b/g],
];

/** A run of letters and digits this long, without a word in it, was made by a machine. */
const RUN = /[A-Za-z0-9+/_-]{24,4096}={0,2}/g;
/** Bits for each character: English identifiers stay below 3.6, random base64 of 24 characters is above 4. */
const ENTROPY_MIN = 3.9;
const HEX_ENTROPY_MIN = 3;
const HEX_LENGTH_MIN = 32;
/** A git commit, or a UUID: random, and no secret. */
const NAMES_OF_THINGS = /^(?:[0-9a-f]{40}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/i;

/** In order, without overlap. */
export function secretsIn(text: string): readonly FoundSecret[] {
  return personalIn(text).filter(({ kind }) => kind !== 'e-mail');
}

/** Secrets and e-mail addresses, in order, without overlap. */
export function personalIn(text: string): readonly FoundSecret[] {
  const shaped = SHAPES.flatMap(([kind, shape]) =>
    [...text.matchAll(shape)].map((match): FoundSecret => {
      const value = match[1] ?? match[0];
      const start = match.index + match[0].lastIndexOf(value);
      return { kind, start, end: start + value.length };
    }),
  );
  return withoutOverlap([...shaped, ...highEntropyIn(text)]);
}

/** The text with each of them replaced by its kind in brackets. */
export function redact(text: string): string {
  let clean = '';
  let at = 0;
  for (const { kind, start, end } of personalIn(text)) {
    clean += `${text.slice(at, start)}[${kind}]`;
    at = end;
  }
  return clean + text.slice(at);
}

function highEntropyIn(text: string): readonly FoundSecret[] {
  return [...text.matchAll(RUN)].flatMap((match): readonly FoundSecret[] => {
    const [run] = match;
    const isPath = run.includes('/') && !/[+=]/.test(run) && run.split('/').every((part) => part.length < 20);
    if (isPath || NAMES_OF_THINGS.test(run) || !looksRandom(run)) return [];
    return [{ kind: 'high-entropy', start: match.index, end: match.index + run.length }];
  });
}

function looksRandom(run: string): boolean {
  const bits = entropyOf(run);
  if (/^[0-9a-f]+$/i.test(run)) return run.length >= HEX_LENGTH_MIN && bits >= HEX_ENTROPY_MIN;
  // Identifiers have words; random text mixes digits with both cases.
  const isMixed = /\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run);
  return isMixed && bits >= ENTROPY_MIN;
}

/** Shannon's, in bits for each character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Of two that overlap the one that starts first stays, extended over both: nothing of either may be left. */
function withoutOverlap(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const kept: FoundSecret[] = [];
  for (const each of [...found].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || last.end <= each.start) kept.push(each);
    else if (each.end > last.end) kept[kept.length - 1] = { ...last, end: each.end };
  }
  return kept;
}

import { format, inspect } from 'node:util';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { scrub, Secret } from './secret.ts';

const VALUE = 'hunter2-"quoted"\\and/slashed ünd more';
const secret = new Secret(VALUE);
const LABEL = String(secret);

test.each<readonly [string, () => string]>([
  ['String', () => String(secret)],
  ['a template', () => `${secret}`],
  ['concatenation', () => '' + secret],
  ['JSON', () => JSON.stringify({ token: secret, list: [secret] })],
  ['util.inspect', () => inspect({ deep: { token: secret } }, { depth: 9, showHidden: true })],
  ['a console format', () => format('%s %o %O %j', secret, secret, secret, secret)],
  ['a console argument', () => format(secret, { secret })],
  ['the message of an Error', () => inspect(new Error(`refused: ${secret}`, { cause: secret }))],
  ['Object.entries', () => inspect([Object.entries(secret), { ...secret }, Object.getOwnPropertyNames(secret)])],
  ['a structured clone', () => inspect(structuredClone({ ...secret }))],
])('%s does not show a secret', (_name, shown) => {
  expect(shown()).not.toContain('hunter2');
});

test('a secret shows a label that is the same each time, and its value only to who asks for it', () => {
  expect(LABEL).toMatch(/^\[secret:[0-9a-f]{4}\]$/);
  expect(JSON.stringify(secret)).toBe(JSON.stringify(LABEL));
  expect(inspect(secret)).toBe(LABEL);
  expect(String(new Secret(VALUE))).toBe(LABEL);
  expect(secret.reveal()).toBe(VALUE);
});

test('text that somebody else wrote is scrubbed of a secret as it is, url-encoded, and escaped as JSON', () => {
  const { href } = new URL(`https://registry.npmjs.org/?token=${encodeURIComponent(VALUE)}`);
  expect(scrub(`a ${VALUE} b ${VALUE}`)).toBe(`a ${LABEL} b ${LABEL}`);
  expect(scrub(href)).toBe(`https://registry.npmjs.org/?token=${LABEL}`);
  expect(scrub(JSON.stringify({ token: VALUE }))).toBe(`{"token":"${LABEL}"}`);
  expect(scrub('nothing to hide')).toBe('nothing to hide');
});

test('of two secrets where one holds the other, the longer one is taken out whole', () => {
  const shorter = new Secret('correct-horse');
  const longer = new Secret('correct-horse-battery-staple');
  expect(scrub('correct-horse-battery-staple, correct-horse')).toBe(`${longer}, ${shorter}`);
});

test('a value too short to be a secret leaves ordinary text alone', () => {
  expect(String(new Secret('the'))).not.toContain('the');
  expect(scrub('the weather')).toBe('the weather');
});

const secretText = fc
  .string({ unit: 'binary', minLength: 8, maxLength: 40 })
  // Words of the label itself are in every scrubbed text.
  .filter((text) => !'[secret:]'.includes(text.slice(0, 2)));

test('whatever the secret and the text around it, no spelling of the value is left', () => {
  fc.assert(
    fc.property(secretText, fc.string(), fc.string(), (value, before, after) => {
      const label = String(new Secret(value));
      const clean = scrub(`${before}${value}${after}${encodeURIComponent(value)}${JSON.stringify(value)}`);
      expect(clean).not.toContain(value);
      expect(clean).toContain(label);
    }),
    { numRuns: 60 },
  );
});

test('scrubbing twice changes nothing more, and JSON stays well-formed', () => {
  fc.assert(
    fc.property(secretText, fc.string(), (value, text) => {
      const planted = new Secret(value);
      const clean = scrub(JSON.stringify({ text, value }));
      expect(scrub(clean)).toBe(clean);
      expect(JSON.parse(clean)).toMatchObject({ value: String(planted) });
    }),
    { numRuns: 60 },
  );
});

test('a secret that is no well-formed Unicode is kept as well as any', () => {
  const broken = new Secret('broken-\ud800-token');
  expect(scrub('broken-\ud800-token')).toBe(String(broken));
});

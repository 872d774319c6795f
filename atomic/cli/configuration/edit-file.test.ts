import fc from 'fast-check';
import { expect, test } from 'vitest';

import { withSetting } from './edit-file.ts';
import { KNOWN_SETTINGS } from './known-settings.ts';
import { readSettings } from './settings.ts';

test('a value is set where it stands, and comments stay', () => {
  const text = '# mine\n[user]\nname = "Ada" # me\n\n[merge]\nadjacent = "clean"\n';
  expect(withSetting(text, 'merge.adjacent', 'strict')).toBe(text.replace('"clean"', '"strict"'));
  expect(withSetting(text, 'user.email', 'a@b')).toBe(text.replace('# me\n', '# me\nemail = "a@b"\n'));
  expect(withSetting(text, 'merge.adjacent', null)).toBe(text.replace('adjacent = "clean"\n', ''));
  expect(withSetting('', 'attribution.remote.batch_size', 9)).toBe('[attribution.remote]\nbatch_size = 9\n');
});

test('what was set is what is read, whatever it is', () => {
  const texts = KNOWN_SETTINGS.filter(({ kind }) => kind === 'text').map(({ key }) => key);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...texts), fc.string({ minLength: 1, maxLength: 30 }))), (pairs) => {
      const said = pairs.filter(([, value]) => value.trim() !== '');
      const text = said.reduce((file, [key, value]) => withSetting(file, key, value), '# begin\n');
      expect(readSettings(text, 'f')).toEqual(new Map(said));
    }),
    { numRuns: 200 },
  );
});

test('every mistake of a file is named, with the nearest key', () => {
  const read = (): unknown => readSettings('[merge]\nadjacnt = "strict"\nidentical = "maybe"\n[user]\nname = 3\n', 'f');
  expect(read).toThrow(/there is no setting merge\.adjacnt; the nearest is merge\.adjacent/);
  expect(read).toThrow(/merge\.identical takes collapse or conflict, not "maybe", user\.name takes a text, not 3/);
});

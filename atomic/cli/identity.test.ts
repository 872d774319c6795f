import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { findAuthor, parseAuthor, readGitUser, type AuthorQuestion } from './identity.ts';

let home = '';
beforeEach(() => (home = mkdtempSync(join(tmpdir(), 'atomic-home-'))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const nobody = { name: null, email: null };
const found = (question: Partial<AuthorQuestion> = {}): ReturnType<typeof findAuthor> =>
  findAuthor({ env: { HOME: home, USER: 'ada' }, settings: nobody, root: null, ...question });

test('a flag goes before the environment, that before settings, those before git', () => {
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Git Person\n\temail = git@example.org\n');
  expect(found().author).toEqual({ name: 'Git Person', email: 'git@example.org' });
  const settings = { name: 'Set', email: 'set@example.org' };
  expect(found({ settings }).author.name).toBe('Set');
  const env = { HOME: home, ATOMIC_AUTHOR: 'Env <env@example.org>' };
  expect(found({ settings, env }).author.name).toBe('Env');
  expect(found({ settings, env, given: 'Flag <flag@example.org>' }).author).toEqual({
    name: 'Flag',
    email: 'flag@example.org',
  });
});

test('git beside the repository goes before that of the user', () => {
  writeFileSync(join(home, '.gitconfig'), '[user]\nname = User\nemail = user@example.org\n');
  mkdirSync(join(home, 'project', '.git'), { recursive: true });
  writeFileSync(join(home, 'project', '.git', 'config'), '[user]\nname = Project\n');
  expect(found({ root: join(home, 'project') }).author).toEqual({ name: 'Project', email: 'user@example.org' });
});

test('a name that was made up is said, with how to set a better one', () => {
  const { author, note } = found();
  expect(author.name).toBe('ada');
  expect(note).toContain('atomic config set user.name');
});

test('an author is a name and an address; one of them will do', () => {
  expect(parseAuthor('x', ' Ada Lovelace  <ada@example.org> ')).toEqual({
    name: 'Ada Lovelace',
    email: 'ada@example.org',
  });
  expect(parseAuthor('x', 'ada@example.org')).toEqual({ name: 'ada@example.org', email: 'ada@example.org' });
  expect(parseAuthor('x', 'Ada')).toEqual({ name: 'Ada', email: '' });
  for (const text of ['', '<>', 'Ada <a', 'a\nb']) expect(() => parseAuthor('x', text)).toThrow(/names nobody/);
});

test('git’s configuration is read as git reads it', () => {
  const text =
    '[core]\nname = no\n[user] # me\n name = "Ada \\"L\\"" ; x\n[user "other"]\nname = no\n[USER]\nEMAIL = a@b # c\n';
  expect(readGitUser(text)).toEqual({ name: 'Ada "L"', email: 'a@b' });
});

import { expect, test } from 'vitest';

import { isBranchName, looksLikeAddress, readGitAddress } from './git-address.ts';

test.each([
  ['https://host.example/owner/shop.git', 'https', 'shop'],
  ['ssh://git@host.example:22/owner/shop.git', 'ssh', 'shop'],
  ['git@host.example:owner/shop.git', 'ssh', 'shop'],
  ['file:///srv/shop', 'file', 'shop'],
])('%s is fetched by %s', (text, scheme, name) =>
  expect(readGitAddress(text)).toMatchObject({ kind: 'address', url: text, scheme, name }),
);

test.each([
  'ext::sh -c evil',
  'ext::sh%20-c%20evil',
  'fd::7',
  'http://host.example/shop.git',
  'git://host.example/shop.git',
  'ftp://host.example/shop.git',
  'https://ann:secret@host.example/shop.git',
  'https://token@host.example/shop.git',
  'ssh://ann:secret@host.example/shop.git',
  'ssh://-oProxyCommand=evil/shop.git',
  'ssh://git@-oProxyCommand=evil/shop.git',
  '--upload-pack=evil',
  'file://host/srv/shop',
  'https://host.example/',
  'https:///shop',
  'https://host.example/a\nb',
  '',
])('%j is refused with a reason', (text) => {
  expect(readGitAddress(text)).toMatchObject({ kind: 'wrong', why: expect.stringMatching(/\w.*\.$/) });
});

test('a path is no address, also one with a colon or an at sign', () => {
  for (const path of ['./shop', '/srv/shop', 'shop.zip', 'C:\\shop', '../a@b/c'])
    expect(looksLikeAddress(path)).toBe(false);
  for (const address of ['https://x/y', 'git@host:owner/shop', 'ext::sh']) expect(looksLikeAddress(address)).toBe(true);
});

test('a branch that git would read as an option or a range is none', () => {
  for (const name of ['main', 'release/1.x', 'v1.2.3']) expect(isBranchName(name)).toBe(true);
  for (const name of ['-x', '--upload-pack=evil', 'a..b', 'a@{1}', 'a b', '', 'x.lock'])
    expect(isBranchName(name)).toBe(false);
});

test('a helper of git and a password are told as what they are', () => {
  expect(readGitAddress('ext::evil')).toMatchObject({ why: expect.stringMatching(/helper/) });
  expect(readGitAddress('https://ann:secret@h/s.git')).toMatchObject({ why: expect.stringMatching(/password/) });
});

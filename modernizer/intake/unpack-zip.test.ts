import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { unpackZip, ZIP_LIMITS, type ZipLimits } from './unpack-zip.ts';
import { DEVICE, LINK, zipOf, type ZipEntry } from '../../tests/fixture-projects/zip.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tandem-zip-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const target = (): string => join(folder, 'inside/target');
function unpack(archive: readonly ZipEntry[] | Buffer, limits: Partial<ZipLimits> = {}) {
  const file = join(folder, 'a.zip');
  writeFileSync(file, Buffer.isBuffer(archive) ? archive : zipOf(archive));
  return unpackZip(file, target(), { ...ZIP_LIMITS, ...limits });
}

test('files, folders, programs and links that stay inside are unpacked; what is installed or of git is not', async () => {
  const unpacking = await unpack([
    { name: 'package.json', content: '{}' },
    { name: 'src/', mode: 0o040755 },
    { name: 'src/deep/a.js', content: 'a' },
    { name: 'bin/run', content: '#!', mode: 0o100755 },
    { name: 'src/link.js', content: 'deep/a.js', mode: LINK },
    { name: 'node_modules/x/index.js', content: 'x' },
    { name: '.git/config', content: '[core]\n\tfsmonitor = evil' },
  ]);
  expect(unpacking).toEqual({ kind: 'unpacked', root: target() });
  expect(readdirSync(target()).sort()).toEqual(['bin', 'package.json', 'src']);
  expect(readFileSync(join(target(), 'src/link.js'), 'utf8')).toBe('a');
  expect(statSync(join(target(), 'bin/run')).mode & 0o777).toBe(0o755);
});

test('of an archive that holds one folder, that folder is the project', async () => {
  const unpacking = await unpack([{ name: 'shop-main/package.json', content: '{}' }]);
  expect(unpacking).toEqual({ kind: 'unpacked', root: join(target(), 'shop-main') });
});

test.each<[string, readonly ZipEntry[], RegExp]>([
  ['a name that climbs', [{ name: '../evil', content: 'x' }], /invalid relative path|leads out/],
  ['a name that climbs in its middle', [{ name: 'a/../../evil', content: 'x' }], /invalid relative path|leads out/],
  ['an absolute name', [{ name: '/tmp/evil', content: 'x' }], /absolute/],
  ['a name of another system’s disk', [{ name: 'C:/evil', content: 'x' }], /absolute/],
  ['a name with backslashes', [{ name: '..\\evil', content: 'x' }], /invalid characters|none of a name/],
  ['a link out', [{ name: 'a/link', content: '../../evil', mode: LINK }], /leads out/],
  ['an absolute link', [{ name: 'link', content: '/etc', mode: LINK }], /leads out/],
  [
    'a link and a file through it',
    [
      { name: 'a', content: 'b', mode: LINK },
      { name: 'a/x', content: 'x' },
    ],
    /twice/,
  ],
  [
    'links that lead out only one through the other',
    [
      { name: 'y/file' },
      { name: 'x/inner', content: '../y', mode: LINK },
      { name: 'out', content: 'x/inner/../..', mode: LINK },
    ],
    /leads out/,
  ],
  ['a device', [{ name: 'disk', mode: DEVICE }], /neither a file nor a folder/],
  ['names that differ in case', [{ name: 'A.js' }, { name: 'a.js' }], /one name on some file systems/],
  ['folders that differ in case', [{ name: 'Src/a.js' }, { name: 'src/b.js' }], /one name on some file systems/],
  ['names that differ in the form of an accent', [{ name: 'caf\u00e9' }, { name: 'cafe\u0301' }], /one name on some/],
  ['one name twice', [{ name: 'a' }, { name: 'a' }], /twice/],
  ['a file that is a folder too', [{ name: 'a' }, { name: 'a/b' }], /twice/],
  ['more depth than allowed', [{ name: `${'d/'.repeat(50)}x` }], /deeper/],
  ['a name longer than a file system takes', [{ name: 'n'.repeat(300) }], /too long/],
  ['a smaller size than it has', [{ name: 'a', content: 'x'.repeat(100), claims: 1 }], /too many bytes/],
  ['a file of zeros that becomes large', [{ name: 'bomb', content: Buffer.alloc(32 << 20) }], /times as large/],
])('an archive with %s is refused, and nothing is written outside', async (_what, entries, why) => {
  const unpacking = await unpack(entries);
  expect(unpacking).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  expect(readdirSync(folder).sort()).toEqual(['a.zip', 'inside']);
  expect(readdirSync(join(folder, 'inside'))).toEqual(['target']);
  expect(existsSync('/tmp/evil')).toBe(false);
});

test('no more is unpacked than the limits allow, whatever the archive says of itself', async () => {
  const many = Array.from({ length: 20 }, (_, number) => ({ name: `f${number}`, content: 'x'.repeat(1000) }));
  expect(await unpack(many, { entriesMax: 10 })).toMatchObject({
    kind: 'refused',
    why: 'It holds more than 10 entries',
  });
  rmSync(target(), { recursive: true });
  expect(await unpack(many, { bytesMax: 5000 })).toMatchObject({
    kind: 'refused',
    why: expect.stringMatching(/larger than/),
  });
  const written = readdirSync(target()).reduce((sum, name) => sum + statSync(join(target(), name)).size, 0);
  expect(written).toBeLessThanOrEqual(5000);
});

test('what is no archive, or is cut off, is refused with what the reader says', async () => {
  const whole = zipOf([{ name: 'package.json', content: '{}'.repeat(500) }]);
  for (const bytes of [Buffer.from('PK no'), Buffer.alloc(0), whole.subarray(0, whole.length - 30)]) {
    expect(await unpack(bytes)).toMatchObject({
      kind: 'refused',
      why: expect.stringMatching(/no whole zip archive.*[^.]$/),
    });
  }
});

test('a link into what was unpacked is written last, so that no file can be written through it', async () => {
  await unpack([
    { name: 'link', content: 'folder', mode: LINK },
    { name: 'folder/a', content: 'a' },
  ]);
  expect(readlinkSync(join(target(), 'link'))).toBe('folder');
});

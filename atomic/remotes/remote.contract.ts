// What every transport does alike. Run by remote.test.ts over each of them.

import { createCipheriv } from 'node:crypto';

import { expect, test } from 'vitest';

import { Side } from './side.samples.ts';
import type { Transport } from './transports.samples.ts';

/** Lines that zstd cannot make shorter than about three quarters. The same ones for the same number. */
export function noise(bytes: number, seed = 0): string {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher
    .update(Buffer.alloc(Math.ceil(bytes / LINE) * LINE_RAW))
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\n');
}

const LINE = 77;
const LINE_RAW = 57;

export function testTransport({ name, reach }: Transport): void {
  test(`${name}: a clone, a push, a pull and nothing to do`, async () => {
    using ada = new Side('Ada');
    ada.edit('src/a.txt', 'one\ntwo\n');
    using bob = await ada.clone('Bob', await reach(ada));
    bob.edit('src/a.txt', 'one\ntwo\nthree\n');
    expect((await bob.push(await reach(ada))).sent).toHaveLength(1);
    expect(ada.stateRoot()).toBe(bob.stateRoot());
    expect(ada.read('src/a.txt')).toBe('one\ntwo\nthree\n');
    ada.edit('b.txt', 'b\n');
    expect((await bob.pull(await reach(ada))).added).toHaveLength(1);
    expect(await bob.pull(await reach(ada))).toMatchObject({ added: [] });
    expect(bob.meaning()).toEqual(ada.meaning());
  });

  test(`${name}: a patch longer than any block arrives whole, both ways`, async () => {
    using ada = new Side('Ada');
    ada.edit('long.txt', noise(1_200_000));
    ada.edit('short.txt', 'x\n');
    using bob = await ada.clone('Bob', await reach(ada));
    expect(bob.stateRoot()).toBe(ada.stateRoot());
    bob.edit('other.txt', noise(1_200_000, 1));
    await bob.push(await reach(ada));
    expect(ada.stateRoot()).toBe(bob.stateRoot());
  });

  test(`${name}: a fault of the other side is told in its words`, async () => {
    using ada = new Side('Ada');
    ada.edit('a.txt', 'one\n');
    using bob = await ada.clone('Bob', await reach(ada));
    await expect(bob.pull(await reach(ada), { channel: 'main', path: 'no/such/path' })).rejects.toMatchObject({
      code: 'ATOMIC_PATH_UNKNOWN',
    });
    bob.edit('a.txt', 'two\n');
    await expect(bob.push(await reach(ada, { access: 'read' }))).rejects.toMatchObject({
      code: 'ATOMIC_REMOTE_READ_ONLY',
    });
    expect(ada.stateRoot()).not.toBe(bob.stateRoot());
  });
}

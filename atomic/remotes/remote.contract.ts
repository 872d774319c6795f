// What every transport does alike. Run by remote.test.ts over each of them.

import { expect, test } from 'vitest';

import type { Host } from './asked.ts';
import type { Peer } from './peer.ts';
import { Side } from './side.samples.ts';

export interface Transport {
  readonly name: string;
  /** A way to a side; it is gone when the peer is closed. */
  reach(side: Side, host?: Partial<Omit<Host, 'repository'>>): Promise<Peer>;
}

/** Long enough to be cut into several blocks, and not to be compressed away. */
export const noise = (bytes: number): string => {
  let [text, state] = ['', 1];
  while (text.length < bytes) {
    state = (state * 48_271) % 2_147_483_647;
    text += `${state.toString(36)}${text.length % 60 < 7 ? '\n' : ''}`;
  }
  return text;
};

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
    ada.edit('long.txt', noise(6_000_000));
    ada.edit('short.txt', 'x\n');
    using bob = await ada.clone('Bob', await reach(ada));
    expect(bob.stateRoot()).toBe(ada.stateRoot());
    bob.edit('other.txt', noise(5_000_000).slice(1));
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

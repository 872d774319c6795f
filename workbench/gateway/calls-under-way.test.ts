import { expect, test } from 'vitest';

import { CallsUnderWay } from './calls-under-way.ts';

function opened() {
  const closing = new AbortController();
  let revoke = (_key: string): void => undefined;
  const calls = new CallsUnderWay(closing.signal, { onRevoked: (then) => void (revoke = then) });
  const begun = (key: string | undefined) => {
    let leave = (): void => undefined;
    const one = calls.begin({ onGone: (then) => void (leave = then) }, key);
    return { ...one, leave: () => leave() };
  };
  return { closing, revoke: (key: string) => revoke(key), begun, calls };
}

test('a key that is taken back ends the calls that came by it, and no others', () => {
  const { revoke, begun } = opened();
  const [mine, theirs, nobodys] = [begun('a'), begun('b'), begun(undefined)];
  revoke('a');
  expect([mine, theirs, nobodys].map(({ signal }) => signal.aborted)).toEqual([true, false, false]);
});

test('who is gone ends their own call; the end of the server ends all, and those that come after it', () => {
  const { closing, begun } = opened();
  const [left, stays] = [begun('a'), begun(undefined)];
  left.leave();
  expect([left.signal.aborted, stays.signal.aborted]).toEqual([true, false]);
  closing.abort();
  expect([stays.signal.aborted, begun('a').signal.aborted]).toEqual([true, true]);
});

test('a call that has ended is ended by nothing any more', async () => {
  const { closing, revoke, begun, calls } = opened();
  const one = begun('a');
  one.end();
  const signal = await calls.until({ onGone: () => undefined }, 'a', async (other) => other.signal);
  revoke('a');
  one.leave();
  closing.abort();
  expect([one.signal.aborted, signal.aborted]).toEqual([false, false]);
});

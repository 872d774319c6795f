import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { ChannelChange } from '../store/audit-face.ts';
import { PatchSet } from '../store/patch-set.ts';
import { stateAfterUndo } from './undo.ts';

interface Channels {
  readonly sets: Map<string, PatchSet>;
  current: string;
}

const NAMES = ['main', 'a', 'b', 'c'];

/** Does what an audit line says, or nothing where it could not have happened; gives the line. */
function doOne(
  state: Channels,
  [kind, first, second, number]: readonly [number, number, number, number],
): ChannelChange[] {
  const channel = NAMES[first] ?? 'main';
  const to = NAMES[second] ?? 'main';
  const set = state.sets.get(channel);
  if (set === undefined) {
    state.sets.set(channel, new PatchSet());
    return [{ kind: 'created', channel, from: null }];
  }
  switch (kind) {
    case 0:
      if (channel === state.current) return [];
      state.sets.delete(channel);
      return [{ kind: 'deleted', channel, patches: [...set].map((each) => [each, each] as const) }];
    case 1:
      if (state.sets.has(to)) return [];
      state.sets.delete(channel);
      state.sets.set(to, set);
      if (state.current === channel) state.current = to;
      return [{ kind: 'renamed', channel, to }];
    case 2: {
      const from = state.current;
      state.current = channel;
      return [{ kind: 'switched', channel: from, to: channel }];
    }
    default: {
      const isNew = set.add(number);
      if (!isNew) set.remove(number);
      const run = [[number, number]] as const;
      return [{ kind: 'patches', channel, added: isNew ? run : [], removed: isNew ? [] : run }];
    }
  }
}

const shown = ({ sets, current }: { sets: ReadonlyMap<string, Iterable<number>>; current: string }): unknown => ({
  current,
  sets: [...sets].map(([name, set]) => [name, [...set]]).sort(),
});

test('whatever a line did to channels, taking it back gives what was before', () => {
  const step = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3), fc.integer({ min: 1, max: 9 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.array(step, { maxLength: 8 }), (earlier, line) => {
      const state: Channels = { sets: new Map([['main', new PatchSet()]]), current: 'main' };
      for (const each of earlier) doOne(state, each);
      const before = shown(state);
      const changes = line.flatMap((each) => doOne(state, each));
      expect(shown(stateAfterUndo(state, changes))).toEqual(before);
    }),
    { numRuns: 500 },
  );
});

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { announcementsFor, endAnnouncement, wordsIn } from './announce.ts';
import { AT_THE_END, follow, type FollowEvent } from './follow.ts';
import { browserFrames, TokenBuffer } from './token-buffer.ts';

const events = fc.oneof(
  fc.record({ kind: fc.constant('scrolled' as const), pixelsToEnd: fc.nat(200), byPerson: fc.boolean() }),
  fc.record({ kind: fc.constant('wheel' as const), isUp: fc.boolean() }),
  fc.constantFrom<FollowEvent>({ kind: 'touch-moved' }, { kind: 'searched' }, { kind: 'jumped' }),
  fc.record({ kind: fc.constant('key' as const), key: fc.constantFrom('PageUp', 'End', 'a') }),
  fc.record({ kind: fc.constant('selected' as const), isEmpty: fc.boolean() }),
  fc.record({ kind: fc.constant('message-added' as const), isOwn: fc.boolean() }),
);

test('whoever reads further up is never pulled down but by what they do', () => {
  const up: FollowEvent[] = [{ kind: 'wheel', isUp: true }, { kind: 'touch-moved' }, { kind: 'searched' }];
  up.push({ kind: 'key', key: 'PageUp' }, { kind: 'selected', isEmpty: false });
  for (const event of up) expect(follow(AT_THE_END, event).isFollowing).toBe(false);
  fc.assert(
    fc.property(fc.array(events, { maxLength: 30 }), (all) => {
      let state = { isFollowing: false, newCount: 0 };
      for (const event of all) {
        const next = follow(state, event);
        const isBroughtBack =
          (event.kind === 'scrolled' && event.byPerson && event.pixelsToEnd <= 40) ||
          event.kind === 'jumped' ||
          (event.kind === 'message-added' && event.isOwn);
        if (!state.isFollowing && next.isFollowing && !isBroughtBack) return false;
        if (next.isFollowing && next.newCount !== 0) return false;
        state = next;
      }
      return true;
    }),
  );
});

test('the end says how many words, in the language of the person', () => {
  expect(wordsIn('Don’t count `code`, 3 — – words.')).toBe(5);
  const message = { status: 'complete', content: 'One', problem: null } as never;
  expect(endAnnouncement(message, announcementsFor('en'))).toBe('Answer complete, 1 word');
  expect(endAnnouncement(message, announcementsFor('de-AT'))).toBe('Antwort vollständig, 1 Wort');
});

test('words are shown once in a frame, and never fewer than before', () => {
  let frame: (() => void) | null = null;
  const shown: string[] = [];
  const buffer = new TokenBuffer(
    (callback) => {
      frame = callback;
      return () => (frame = null);
    },
    (_, text) => shown.push(text),
  );
  buffer.begin('a');
  for (const word of ['one ', 'two ', 'three']) buffer.push('a', word);
  expect(shown).toEqual([]);
  (frame as unknown as () => void)();
  expect(shown).toEqual(['one two three']);
  buffer.push('a', '!');
  buffer.end('a');
  buffer.flush();
  expect(shown).toHaveLength(1);
});

test('a hidden page is shown by a timer, and at once when it is seen again', () => {
  const calls: string[] = [];
  const document = Object.assign(new EventTarget(), { hidden: true });
  const window = {
    requestAnimationFrame: () => calls.push('frame'),
    cancelAnimationFrame: () => undefined,
    setTimeout: (_: () => void, delayMs: number) => calls.push(`timer ${delayMs}`),
    clearTimeout: () => undefined,
  };
  const frames = browserFrames(window, document);
  frames(() => calls.push('shown'));
  document.dispatchEvent(new Event('visibilitychange'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(calls).toEqual(['timer 250', 'shown']);
});

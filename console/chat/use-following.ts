// Follows the end of the conversation as it grows, until the person shows that they read elsewhere (chat/thread decides
// what shows it). Rule: only what a person did moves the view away from the end or back to it; our own scrolling and
// that of the list, which measures its rows, never does.

import { AT_THE_END, follow, type FollowEvent, type Following } from 'chat/thread';
import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';

interface FollowingParts {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly rows: RefObject<HTMLElement | null>;
  /** The id of the last message, and whether this person is sending it. */
  readonly last: string;
  readonly isOwn: boolean;
  /** The beginning is nearly in sight. */
  readonly onBeginning: () => void;
}

/** Scrolling goes on for so long after the hand that began it. */
const HAND_MS = 250;
/** Older messages are asked for this early. */
const BEGINNING_PIXELS = 600;

export function useFollowing({ scroller, rows, last, isOwn, onBeginning }: FollowingParts) {
  const [following, setFollowing] = useState<Following>(AT_THE_END);
  const now = useRef<Following>(AT_THE_END);
  const tell = useCallback(
    (event: FollowEvent) => {
      const next = follow(now.current, event);
      if (next === now.current) return;
      now.current = next;
      setFollowing(next);
      if (next.isFollowing && event.kind !== 'scrolled') toEnd(scroller);
    },
    [scroller],
  );

  useGrowth({ scroller, rows, onGrowth: () => now.current.isFollowing && toEnd(scroller) });
  useHand({ scroller, tell, onBeginning });

  const shown = useRef(last);
  useEffect(() => {
    if (shown.current === last) return;
    const isFirst = shown.current === '';
    shown.current = last;
    if (!isFirst) tell({ kind: 'message-added', isOwn });
  }, [last, isOwn, tell]);
  return { following, tell };
}

function toEnd({ current }: FollowingParts['scroller']): void {
  current?.scrollTo({ top: current.scrollHeight, behavior: 'instant' });
}

interface GrowthParts extends Pick<FollowingParts, 'scroller' | 'rows'> {
  readonly onGrowth: () => void;
}

/** Tells when the rows or the window onto them change their size, before it is painted. */
function useGrowth({ scroller, rows, onGrowth }: GrowthParts): void {
  const grown = useRef(onGrowth);
  useLayoutEffect(() => {
    grown.current = onGrowth;
  });
  useLayoutEffect(() => {
    const sizes = new ResizeObserver(() => grown.current());
    for (const { current } of [scroller, rows]) if (current !== null) sizes.observe(current);
    grown.current();
    return () => sizes.disconnect();
  }, [scroller, rows]);
}

interface HandParts extends Pick<FollowingParts, 'scroller' | 'onBeginning'> {
  readonly tell: (event: FollowEvent) => void;
}

/** Listens for what a person does with the view. */
function useHand({ scroller, tell, onBeginning }: HandParts): void {
  const begun = useRef(onBeginning);
  useLayoutEffect(() => {
    begun.current = onBeginning;
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const listening = new AbortController();
    const passive = { passive: true, signal: listening.signal };
    let handUntil = 0;
    let isHeld = false;
    const touched = (): void => {
      handUntil = performance.now() + HAND_MS;
    };
    const scrolled = (): void => {
      const { scrollTop, scrollHeight, clientHeight } = element;
      const byPerson = isHeld || performance.now() < handUntil;
      if (byPerson) touched();
      tell({ kind: 'scrolled', pixelsToEnd: scrollHeight - scrollTop - clientHeight, byPerson });
      if (byPerson && scrollTop < BEGINNING_PIXELS) begun.current();
    };
    element.addEventListener('scroll', scrolled, passive);
    element.addEventListener('wheel', ({ deltaY }) => (touched(), tell({ kind: 'wheel', isUp: deltaY < 0 })), passive);
    element.addEventListener('touchmove', () => (touched(), tell({ kind: 'touch-moved' })), passive);
    element.addEventListener('keydown', ({ key }) => (touched(), tell({ kind: 'key', key })), passive);
    element.addEventListener('pointerdown', () => void (isHeld = true), passive);
    window.addEventListener('pointerup', () => void (isHeld = false), passive);
    window.addEventListener('keydown', (event) => isSearch(event) && tell({ kind: 'searched' }), passive);
    document.addEventListener('selectionchange', () => selected(element, tell), passive);
    return () => listening.abort();
  }, [scroller, tell]);
}

const isSearch = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean => key === 'f' && (ctrlKey || metaKey);

function selected(element: HTMLElement, tell: (event: FollowEvent) => void): void {
  const selection = document.getSelection();
  if (selection === null || !element.contains(selection.anchorNode)) return;
  tell({ kind: 'selected', isEmpty: selection.isCollapsed });
}

// Whether a growing conversation is followed to its end. Pure.
// Rule: the person decides. Any sign that they read further up ends it; only they bring it back, by going to the end.

export interface Following {
  readonly isFollowing: boolean;
  /** Messages that came while nobody followed. */
  readonly newCount: number;
}

export type FollowEvent =
  /** Where the end of the view is now. `byPerson`: they scrolled, not we. */
  | { readonly kind: 'scrolled'; readonly pixelsToEnd: number; readonly byPerson: boolean }
  | { readonly kind: 'wheel'; readonly isUp: boolean }
  | { readonly kind: 'touch-moved' }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'selected'; readonly isEmpty: boolean }
  /** The browser's search, by Ctrl or Cmd with F. */
  | { readonly kind: 'searched' }
  | { readonly kind: 'message-added'; readonly isOwn: boolean }
  | { readonly kind: 'jumped' };

/** Closer than this counts as being at the end. */
export const NEAR_PIXELS = 40;

export const AT_THE_END: Following = { isFollowing: true, newCount: 0 };

const LEAVING_KEYS: ReadonlySet<string> = new Set(['PageUp', 'Home', 'ArrowUp']);

export function follow(before: Following, event: FollowEvent): Following {
  const left = before.isFollowing ? { ...before, isFollowing: false } : before;
  switch (event.kind) {
    case 'scrolled':
      if (event.pixelsToEnd <= NEAR_PIXELS) return event.byPerson || before.isFollowing ? AT_THE_END : before;
      return event.byPerson ? left : before;
    case 'wheel':
      return event.isUp ? left : before;
    case 'touch-moved':
    case 'searched':
      return left;
    case 'key':
      return LEAVING_KEYS.has(event.key) ? left : before;
    case 'selected':
      return event.isEmpty ? before : left;
    case 'message-added':
      // What somebody sends they want to see.
      if (event.isOwn) return AT_THE_END;
      return before.isFollowing ? before : { ...before, newCount: before.newCount + 1 };
    case 'jumped':
      return AT_THE_END;
  }
}

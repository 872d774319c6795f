// What a browser keeps of a conversation between two visits: drafts, messages under way, and where somebody was when
// they had to sign in again.
// Rule: keeping fails quietly (private windows, full disks): a chat without memory is still a chat. Everything is bounded.

/** Where texts are kept, such as a browser's localStorage. */
export interface Keeping {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
}

export function memoryKeeping(): Keeping {
  const kept = new Map<string, string>();
  return {
    get: (key) => kept.get(key) ?? null,
    set: (key, value) => void kept.set(key, value),
    delete: (key) => void kept.delete(key),
  };
}

interface StorageLike {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A browser's storage; what it refuses is kept in memory for as long as the page lives. */
export function browserKeeping(storage: () => StorageLike): Keeping {
  const spare = memoryKeeping();
  const orElse = <T>(ask: (storage: StorageLike) => T, otherwise: () => T): T => {
    try {
      return ask(storage());
    } catch {
      // Storage throws where a person or a browser forbids it, and when it is full.
      return otherwise();
    }
  };
  return {
    get: (key) =>
      spare.get(key) ??
      orElse(
        (open) => open.getItem(key),
        () => null,
      ),
    set: (key, value) =>
      orElse(
        (open) => open.setItem(key, value),
        () => spare.set(key, value),
      ),
    delete: (key) => {
      spare.delete(key);
      orElse(
        (open) => open.removeItem(key),
        () => undefined,
      );
    },
  };
}

/** A draft as long as the longest message that would be accepted. */
const DRAFT_LENGTH_MAX = 64 * 1024;
const DRAFT = 'tandem:draft:';
const PLACE = 'tandem:place';

export interface Drafts {
  get(chatId: string): string;
  set(chatId: string, text: string): void;
}

/** The text somebody was writing, per chat; an empty one is forgotten. */
export const createDrafts = (keeping: Keeping): Drafts => ({
  get: (chatId) => keeping.get(DRAFT + chatId) ?? '',
  set: (chatId, text) =>
    text === '' ? keeping.delete(DRAFT + chatId) : keeping.set(DRAFT + chatId, text.slice(0, DRAFT_LENGTH_MAX)),
});

/** Remembers where a person was before they sign in again. Only a path of this site: never another host. */
export function rememberPlace(keeping: Keeping, path: string): void {
  if (isOwnPath(path)) keeping.set(PLACE, path);
}

/** The place to go back to after signing in, once. */
export function takePlace(keeping: Keeping): string | null {
  const path = keeping.get(PLACE);
  keeping.delete(PLACE);
  return path !== null && isOwnPath(path) ? path : null;
}

const isOwnPath = (path: string): boolean => /^\/(?![/\\])[^\\\s]{0,2000}$/.test(path);

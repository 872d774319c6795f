// The first question of a conversation, asked while its screen is still being loaded.
// Rule: the answer is taken once, by whoever asks the same; nobody is shown an old one.

const WAITING = new Map<string, { readonly answer: Promise<Response>; readonly askedAt: number }>();
/** An answer that nobody took by then is asked for anew. */
const FRESH_MS = 5_000;

const urlOf = (chat: string): string => `/api/chat?chatId=${encodeURIComponent(chat)}`;

/** Asks already. What goes wrong with it is seen by who asks in earnest. */
export function readAhead(chat: string): void {
  const answer = fetch(urlOf(chat), { headers: { accept: 'application/json' } });
  answer.catch(() => WAITING.delete(urlOf(chat)));
  WAITING.set(urlOf(chat), { answer, askedAt: performance.now() });
}

/** As `fetch`; the answer that was asked for ahead, where there is one. */
export async function fetchOrTake(url: string, init: RequestInit): Promise<Response> {
  const waiting = init.method === undefined || init.method === 'GET' ? WAITING.get(url) : undefined;
  WAITING.delete(url);
  if (waiting === undefined || performance.now() - waiting.askedAt > FRESH_MS) return fetch(url, init);
  return waiting.answer.catch(() => fetch(url, init));
}

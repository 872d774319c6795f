// frame.js: the page inside the frame, at /embed/ID?origin=…. It gets a visitor's token, shows the chat, and speaks with
// the page around it.
// Rule: the page around is the one origin that the address names; the server's frame-ancestors decides whether that one
// may hold us at all, so a page that lies about it hears nothing.

import { systemClock } from 'kernel/basics';

import { createBridge, EVERY_EVENT, type Bridge } from '../events/index.ts';
import { browserKeeping, createModulesApi, createRequests, handleApiError } from '../requests/index.ts';
import type { OpenChat } from '../thread/index.ts';
import { defineTandemChat, TandemChat } from './index.ts';
import { forgetVisitor, visitorOf } from './visitor.ts';

/** The token is looked at so often; it lives much longer. */
const LOOK_MS = 5 * 60_000;

/** What the page around may hear: that something happened, never what was said. */
const TOLD: ReadonlySet<string> = new Set([
  'chatcore:ready',
  'chat:loaded',
  'message:sent',
  'message:received',
  'message:like',
  'persona:added',
  'scenario:changed',
  'gift:opened',
]);

const embedId = decodeURIComponent(/\/embed\/([^/]+)/.exec(location.pathname)?.[1] ?? '');
const origin = new URLSearchParams(location.search).get('origin') ?? '';
const keeping = browserKeeping(() => localStorage);

/** In a constructed sheet: the policy of the frame needs no inline styles. */
const LOOK = `html, body { margin: 0; block-size: 100%; } body { font: 16px/1.5 system-ui, sans-serif; }
body > p { margin: 1.5rem; } tandem-chat { block-size: 100%; }`;

async function begin(): Promise<void> {
  document.documentElement.lang = navigator.language;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(LOOK);
  document.adoptedStyleSheets = [sheet];
  defineTandemChat();
  const modules = createModulesApi(createRequests());
  const ask = () => visitorOf({ embedId, keeping, modules, clock: systemClock });
  const visitor = await ask();
  const element = document.createElement('tandem-chat');
  if (!(element instanceof TandemChat)) return;
  element.setAttribute('token', visitor.token);
  element.setAttribute('heading-level', '1');
  element.setAttribute('server', '/');
  element.setAttribute('lang', navigator.language);
  element.setAttribute('character', visitor.characterId ?? 'assistant');
  setInterval(() => void ask().then(({ token }) => element.setAttribute('token', token)), LOOK_MS);
  element.addEventListener('tandem:open', () => (element.chat === null ? null : bridgeFor(element, element.chat)), {
    once: true,
  });
  // Their time was over, or the page was taken off and put back: they come as somebody new, and nothing they wrote is lost.
  element.addEventListener('tandem:signed-out', () => {
    forgetVisitor({ embedId, keeping });
    void ask()
      .then(({ token }) => element.setAttribute('token', token))
      .then(() => element.chat?.thread.load());
  });
  document.body.replaceChildren(element);
}

/** Null where nobody holds us. */
function bridgeFor(element: TandemChat, chat: OpenChat): Bridge | null {
  if (parent === window || !URL.canParse(origin) || new URL(origin).origin !== origin) return null;
  const bridge = createBridge({
    self: window,
    frame: () => parent,
    allowedOrigins: [origin],
    events: chat.events,
    clock: systemClock,
    receive: async (message) => {
      if (message.kind === 'chat:action' && message.data.action === 'focus') element.focus();
    },
  });
  chat.events.on(EVERY_EVENT, (told) => {
    const { name, data } = told as { readonly name: string; readonly data: unknown };
    if (TOLD.has(name)) bridge.tell(name, withoutWords(data));
  });
  addEventListener('keydown', ({ key, defaultPrevented }) => {
    if (key === 'Escape' && !defaultPrevented) bridge.tell('frame:close', {});
  });
  bridge.tell('frame:ready', {});
  return bridge;
}

/** Ids only: a page that holds the chat does not read it. */
function withoutWords(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return {};
  return Object.fromEntries(
    Object.entries(data).filter(
      ([name, value]) => /Id$|^summary$/.test(name) && (typeof value === 'string' || value === null),
    ),
  );
}

begin().catch((error: unknown) => {
  const told = document.createElement('p');
  told.setAttribute('role', 'alert');
  told.textContent = handleApiError(error, document.documentElement.lang).userMessage;
  document.body.replaceChildren(told);
});

// A page with the chat's element in a real browser, served by a small chat server over loopback. With the policy that
// a careful page has: no inline style or script, no HTML from text.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { startChatServer, type ChatServer } from '../../chat/requests/fixtures/chat-server.ts';
import { buildChat, isChatFresh } from '../../scripts/build-chat.mjs';
import type { JourneyContext } from './journey.ts';

const STRICT_POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

type ServerSettings = Parameters<typeof startChatServer>[0];

/** Serves the element at /, what a foreign page loads at /embed.js, and what its frame needs. */
export async function chatServer(context: JourneyContext, settings: ServerSettings = {}): Promise<ChatServer> {
  if (!isChatFresh()) await buildChat();
  const server = await startChatServer(settings);
  context.atEnd(() => server.close());
  const built = (name: string): string => readFileSync(join(context.root, '.build/chat', name), 'utf8');
  const script = (name: string) => ({ type: 'text/javascript', body: built(name) });
  server.pages.set('/element.js', script('element.js'));
  server.pages.set('/embed.js', script('embed.js'));
  server.pages.set('/embed/frame.js', script('frame.js'));
  server.pages.set('/page.css', {
    type: 'text/css',
    body: 'body { margin: 0 } h1 { font-size: 16px; height: 24px; margin: 0 } tandem-chat { height: calc(100vh - 24px) }',
  });
  server.pages.set('/favicon.ico', { type: 'image/x-icon', body: '' });
  server.pages.set('/', {
    type: 'text/html',
    headers: { 'content-security-policy': STRICT_POLICY },
    body: `<!doctype html><html lang="en"><head><title>Chat</title><link rel="stylesheet" href="/page.css">
      <script type="module" src="/element.js"></script></head>
      <body><main><h1>Shop</h1><tandem-chat chat-id="c1"></tandem-chat></main></body></html>`,
  });
  return server;
}

/** The page of an embed, which only this origin may hold. */
export function serveFrame(server: ChatServer, context: JourneyContext, id: string, ancestor: string): void {
  server.pages.set(`/embed/${id}`, {
    type: 'text/html',
    headers: { 'content-security-policy': `${STRICT_POLICY}; frame-ancestors ${ancestor}` },
    body: readFileSync(join(context.root, '.build/chat/frame.html'), 'utf8'),
  });
}

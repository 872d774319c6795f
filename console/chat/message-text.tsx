// The words of a message. What people write is shown as they wrote it; what a model writes is Markdown, of which only
// the nodes that chat/thread made reach the page.

import { useLayoutEffect, useRef } from 'react';

import { useChatScreen } from './screen-context.ts';

export function MessageText({ id }: { readonly id: string }) {
  const { chat, markdown } = useChatScreen();
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const { thread } = chat;
    const reader = markdown.open();
    const show = (): void => {
      const message = thread.message(id);
      if (message === undefined) return;
      if (message.sender === 'user') element.textContent = message.content;
      else reader.showIn(element, message.content, message.status !== 'streaming');
    };
    show();
    const off = thread.watchMessage(id, show);
    return () => {
      off();
      element.replaceChildren();
    };
  }, [chat, markdown, id]);
  return <div ref={place} className="chat-text" />;
}

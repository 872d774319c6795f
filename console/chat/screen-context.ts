// What the parts of one conversation's screen share.

import type { ThreadMessage, OpenChat, Markdown } from 'chat/thread';
import { createContext, useContext } from 'react';

import type { SentPictures } from './sent-pictures.ts';

export interface ChatScreen {
  readonly chat: OpenChat;
  readonly markdown: Markdown;
  readonly pictures: SentPictures;
  /** The question that is being changed. */
  readonly editing: string | null;
  readonly edit: (messageId: string | null) => void;
  /** Shows where an answer came from. */
  readonly explain: (message: ThreadMessage) => void;
  readonly report: (message: ThreadMessage) => void;
  /** Puts a text into the field. */
  readonly write: (text: string) => void;
}

export const ChatScreenContext = createContext<ChatScreen | null>(null);

export function useChatScreen(): ChatScreen {
  const screen = useContext(ChatScreenContext);
  if (screen === null) throw new Error('A part of a conversation is drawn outside of its screen.');
  return screen;
}

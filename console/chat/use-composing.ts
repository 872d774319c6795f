// What is being written, and its way into the conversation. Rule: nothing that was written is lost: it is kept with every
// key, and stays in the field until the conversation has taken it.

import { InputHistory, meaningOfKey } from 'chat/events';
import type { Artifact } from 'chat/protocol';
import type { OpenChat } from 'chat/thread';
import { useState, type KeyboardEvent } from 'react';

import { useChatScreen } from './screen-context.ts';
import { withFiles, type Attached } from './attachments.ts';

export interface Composing {
  readonly text: string;
  readonly attached: readonly Attached[];
  readonly isSending: boolean;
  readonly problem: string | null;
  readonly change: (text: string) => void;
  readonly setAttached: (attached: readonly Attached[]) => void;
  readonly attach: (files: readonly File[]) => void;
  readonly send: () => Promise<void>;
  readonly pressed: (event: KeyboardEvent<HTMLTextAreaElement>, sendsOnEnter: boolean) => void;
}

interface ComposingIn {
  readonly chat: OpenChat;
  readonly target: string;
  readonly focus: () => void;
}

export function useComposing({ chat, target, focus }: ComposingIn): Composing {
  const { pictures } = useChatScreen();
  const [text, setText] = useState(() => chat.drafts.get(target));
  const [attached, setAttached] = useState<readonly Attached[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  const [isSending, setIsSending] = useState(false);
  const [history] = useState(() => new InputHistory());

  const change = (next: string): void => {
    setText(next);
    chat.drafts.set(target, next);
  };
  const send = async (): Promise<void> => {
    const content = text.trim();
    if (content === '' || isSending) return;
    setIsSending(true);
    setProblem(await sendAll(chat, content, attached));
    setIsSending(false);
    focus();
  };
  /** Sent, or why not: then it stays in the field, with the reason beside it. */
  const sendAll = async (to: OpenChat, content: string, attachedNow: readonly Attached[]): Promise<string | null> => {
    try {
      const uploaded: Artifact[] = [];
      for (const { file, alt } of attachedNow) uploaded.push(await to.thread.upload(file, alt));
      pictures.add(content, uploaded);
      await to.thread.send(content, { artifactIds: uploaded.map(({ id }) => id) });
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
    history.remember(content);
    change('');
    setAttached([]);
    return null;
  };
  return {
    text,
    attached,
    isSending,
    problem,
    change,
    setAttached,
    attach: (files) => {
      const taken = withFiles(attached, files);
      setAttached(taken.all);
      setProblem(taken.problem);
    },
    send,
    pressed: (event, sendsOnEnter) => {
      const { value, selectionStart, selectionEnd } = event.currentTarget;
      const meaning = meaningOfKey(event.nativeEvent, { value, selectionStart, selectionEnd }, sendsOnEnter);
      if (meaning === 'send') {
        event.preventDefault();
        void send();
      }
      if (meaning !== 'earlier' && meaning !== 'later') return;
      const other = meaning === 'earlier' ? history.earlier(value) : history.later();
      if (other === null) return;
      event.preventDefault();
      change(other);
    },
  };
}

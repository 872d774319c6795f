// Whom one talks to, about what, and whether the answer is heard.

import { Link } from '@tanstack/react-router';
import type { OpenChat, ThreadState } from 'chat/thread';
import { ArrowLeft, PanelRight } from 'lucide-react';

import { Button } from '../components/button.tsx';
import { Avatar } from './avatar.tsx';
import { lineOf } from './chat-line.ts';
import { useThread } from './use-open-chat.ts';

interface ChatHeaderFace {
  readonly title: string;
  readonly chat: OpenChat;
  readonly isPanelOpen: boolean;
  readonly onPanel: () => void;
}

const avatarIn = (state: ThreadState): string => state.character?.avatar ?? '💬';

export function ChatHeader({ title, chat, isPanelOpen, onPanel }: ChatHeaderFace) {
  const avatar = useThread(chat, avatarIn);
  const line = useThread(chat, lineOf);
  return (
    <header className="flex h-14 shrink-0 items-center gap-3 border-b bg-surface px-3 sm:px-5">
      <Link
        to="/chat"
        aria-label="All chats"
        className="grid size-9 place-items-center rounded-lg text-ink-soft hover:bg-sunken max-sm:hidden lg:hidden"
      >
        <ArrowLeft aria-hidden className="size-4" />
      </Link>
      <Avatar sign={avatar} />
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-sm font-semibold leading-5">{title}</h1>
        <p className="truncate text-xs text-ink-soft">{line}</p>
      </div>
      <Button
        look="quiet"
        size="icon"
        aria-label="Persona, prompts, rewards and model"
        aria-expanded={isPanelOpen}
        onClick={onPanel}
      >
        <PanelRight aria-hidden />
      </Button>
    </header>
  );
}

// One conversation: its list at the left, itself in the middle, and what belongs to it at the right.
// Rule: a screen reader hears that an answer begins and ends, never its words as they come.

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { createMarkdown, type OpenChat, type ThreadMessage, type ThreadState } from 'chat/thread';
import { MessageCircleOff } from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';

import { buttonLook } from '../components/button.tsx';
import { Empty } from '../components/empty.tsx';
import { Skeleton } from '../components/skeleton.tsx';
import { tell } from '../components/tell.ts';
import { useWide } from '../components/use-wide.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { ChatFrame } from './chat-frame.tsx';
import { ChatHeader } from './chat-header.tsx';
import { Chooser } from './chooser.tsx';
import { Composer } from './composer.tsx';
import { ProblemBar } from './problem-bar.tsx';
import { chatsQuery } from './queries.ts';
import { ChatScreenContext, type ChatScreen } from './screen-context.ts';
import { createSentPictures } from './sent-pictures.ts';
import { ThreadList } from './thread-list.tsx';
import { useOpenChat, useThread } from './use-open-chat.ts';

// The conversation comes first; what is opened beside it comes when it is.
const SidePanel = lazy(async () => ({ default: (await import('./side-panel.tsx')).SidePanel }));
const AnswerDrawer = lazy(async () => ({ default: (await import('./answer-drawer.tsx')).AnswerDrawer }));
const ReportDialog = lazy(async () => ({ default: (await import('./report-dialog.tsx')).ReportDialog }));

export function ChatPage() {
  const { chat: target } = useParams({ from: '/chat/$chat' });
  const chat = useOpenChat(target);
  return (
    <ChatFrame narrowShows="content" open={target}>
      {chat === null ? (
        <Skeleton label="Opening the conversation" />
      ) : (
        <Conversation key={target} chat={chat} target={target} />
      )}
    </ChatFrame>
  );
}

const isMissingIn = ({ chatId, problem, character }: ThreadState): boolean =>
  chatId === null && character === null && problem?.kind === 'not-found';
const announcementOf = (state: ThreadState): string => state.announcement;
const isFirstIn = ({ loading, ids }: ThreadState): boolean => loading === 'first' && ids.length === 0;

function Conversation({ chat, target }: { readonly chat: OpenChat; readonly target: string }) {
  const title = useTitle(chat);
  usePageTitle(title);
  const announcement = useThread(chat, announcementOf);
  const isFirst = useThread(chat, isFirstIn);
  const isMissing = useThread(chat, isMissingIn);
  const [explained, setExplained] = useState<ThreadMessage | null>(null);
  const [reported, setReported] = useState<ThreadMessage | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const [written, setWritten] = useState<{ readonly text: string } | null>(null);
  const panel = usePanel();
  const markdown = useMemo(() => createMarkdown({ document, origin: location.origin }), []);
  const pictures = useMemo(() => createSentPictures(chat.events), [chat]);
  const screen = useMemo<ChatScreen>(
    () => ({
      chat,
      markdown,
      pictures,
      editing,
      edit: setEditing,
      explain: setExplained,
      report: setReported,
      write: (text) => setWritten({ text }),
    }),
    [chat, markdown, pictures, editing],
  );
  useEffect(() => chat.events.on('display:message', ({ text }) => setWritten({ text })), [chat]);
  if (isMissing) return <NoSuchChat />;
  return (
    <ChatScreenContext value={screen}>
      <div className="flex h-full min-h-0">
        <section aria-label="Conversation" className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ChatHeader title={title} chat={chat} isPanelOpen={panel.isOpen} onPanel={panel.toggle} />
          {isFirst ? (
            <div className="flex-1 p-6">
              <Skeleton label="Loading the conversation" />
            </div>
          ) : (
            <ThreadList />
          )}
          <ProblemBar chat={chat} />
          <Chooser chat={chat} />
          <Composer chat={chat} target={target} written={written} />
        </section>
        {panel.isOpen && (
          <Suspense fallback={panel.isWide && <div className="w-80 shrink-0 border-l bg-surface" />}>
            <SidePanel isWide={panel.isWide} onClose={panel.toggle} />
          </Suspense>
        )}
      </div>
      <p role="status" aria-live="polite" aria-label="Answer" className="sr-only">
        {announcement}
      </p>
      <Suspense fallback={null}>
        {explained !== null && <AnswerDrawer message={explained} onClose={() => setExplained(null)} />}
        {reported !== null && (
          <ReportDialog
            onEnd={(reason) => {
              setReported(null);
              if (reason !== null) void report(chat, reported.id, reason);
            }}
          />
        )}
      </Suspense>
    </ChatScreenContext>
  );
}

function NoSuchChat() {
  return (
    <div className="h-full overflow-y-auto p-6">
      <h1 className="sr-only">Chat</h1>
      <Empty icon={MessageCircleOff} title="There is no such chat">
        <p>It may be another person’s, or gone from the archive after its 30 days.</p>
        <Link to="/chat" className={buttonLook({ className: 'mt-4' })}>
          All chats
        </Link>
      </Empty>
    </div>
  );
}

const ownTitleOf = ({ chat, character }: ThreadState): string => {
  const own = chat?.title ?? '';
  return own === '' ? (character?.name ?? 'Chat') : own;
};
const chatIdOf = (state: ThreadState): string | null => state.chatId;

/** As the list has it: there it changes with the first words, and when somebody renames it. */
function useTitle(chat: OpenChat): string {
  const own = useThread(chat, ownTitleOf);
  const chatId = useThread(chat, chatIdOf);
  const listed = useInfiniteQuery(chatsQuery(false)).data?.pages.flatMap(({ chats }) => chats);
  const title = listed?.find(({ id }) => id === chatId)?.title ?? '';
  return title === '' ? own : title;
}

async function report(chat: OpenChat, messageId: string, reason: string): Promise<void> {
  if (await chat.thread.report(messageId, reason)) tell('Reported. Thank you.', { tone: 'good' });
}

/** Beside the conversation where there is room, and open there; elsewhere a drawer, and closed. */
function usePanel() {
  const isWide = useWide();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isOpen = chosen ?? isWide;
  return { isWide, isOpen, toggle: () => setChosen(!isOpen) };
}

// What can be done with a message. Seen when the pointer or the focus is on it, and always on the last one.

import type { ThreadMessage } from 'chat/thread';
import {
  Check,
  ChevronLeft,
  ChevronRight,
  Copy,
  Flag,
  Pencil,
  RefreshCw,
  ThumbsDown,
  ThumbsUp,
  type LucideIcon,
} from 'lucide-react';
import { useState } from 'react';

import { classes } from '../components/classes.ts';
import { tell } from '../components/tell.ts';
import { useChatScreen } from './screen-context.ts';

export function MessageActions({ message }: { readonly message: ThreadMessage }) {
  const { chat, edit, report } = useChatScreen();
  const { thread } = chat;
  const { id, branch, reaction } = message;
  const react = (wanted: 'like' | 'dislike') => () => void thread.react(id, reaction === wanted ? null : wanted);
  return (
    <div role="group" aria-label="Actions" className="flex shrink-0 flex-wrap items-center">
      {branch.of > 1 && <Branches message={message} />}
      <span
        className={classes(
          'flex flex-wrap transition-opacity focus-within:opacity-100 group-hover/row:opacity-100 [[data-last]_&]:opacity-100 [@media(hover:hover)]:opacity-0',
          reaction !== null && '[@media(hover:hover)]:opacity-100',
        )}
      >
        {message.sender === 'bot' ? (
          <>
            <Act icon={ThumbsUp} label="Good answer" isOn={reaction === 'like'} onAct={react('like')} />
            <Act icon={ThumbsDown} label="Bad answer" isOn={reaction === 'dislike'} onAct={react('dislike')} />
            <Act icon={RefreshCw} label="Answer again" onAct={() => void thread.regenerate(id)} />
            <CopyAct id={id} />
            <Act icon={Flag} label="Report this answer" onAct={() => report(message)} />
          </>
        ) : (
          <>
            <Act icon={Pencil} label="Change the question" onAct={() => edit(id)} />
            <CopyAct id={id} />
          </>
        )}
        {chat.modules.actionsFor(message).map(({ action, label }) => (
          <button
            key={action}
            type="button"
            className="rounded px-2 text-xs text-ink-soft hover:text-ink"
            onClick={() => chat.events.triggerChatEvent('chat:action', { action, messageId: id })}
          >
            {label}
          </button>
        ))}
      </span>
    </div>
  );
}

interface ActFace {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly onAct: () => void;
  readonly isOn?: boolean;
}

function Act({ icon: Icon, label, onAct, isOn }: ActFace) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      onClick={onAct}
      className={classes(
        'grid size-7 place-items-center rounded-md text-ink-faint hover:bg-sunken hover:text-ink',
        isOn === true && 'bg-accent-soft text-accent-text hover:text-accent-text',
      )}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  );
}

const COPIED_MS = 1600;

/** The words as they are now: the row itself is not drawn anew with each of them. */
function CopyAct({ id }: { readonly id: string }) {
  const { chat } = useChatScreen();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(chat.thread.message(id)?.content ?? '');
      setIsCopied(true);
      setTimeout(() => setIsCopied(false), COPIED_MS);
    } catch {
      // The browser may forbid it: the person can still mark the text.
      tell('The text could not be copied.', { tone: 'bad', detail: 'Mark it with the mouse and press Ctrl-C.' });
    }
  };
  return <Act icon={isCopied ? Check : Copy} label={isCopied ? 'Copied' : 'Copy'} onAct={() => void copy()} />;
}

/** Of all that follow the same message: which one is shown, and the ones beside it. */
function Branches({ message: { id, branch } }: { readonly message: ThreadMessage }) {
  const { chat } = useChatScreen();
  const go = (number: number) => () => void chat.thread.showBranch(id, number);
  const step = 'grid size-6 place-items-center rounded-md text-ink-soft hover:bg-sunken disabled:opacity-40';
  return (
    <span className="numeric mr-1 flex items-center text-xs text-ink-soft">
      <button
        type="button"
        aria-label="The branch before"
        disabled={branch.number <= 1}
        onClick={go(branch.number - 1)}
        className={step}
      >
        <ChevronLeft aria-hidden className="size-3.5" />
      </button>
      <span>
        <span className="sr-only">Branch </span>
        {branch.number}/{branch.of}
      </span>
      <button
        type="button"
        aria-label="The next branch"
        disabled={branch.number >= branch.of}
        onClick={go(branch.number + 1)}
        className={step}
      >
        <ChevronRight aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}

// One message: who says it, its text, its pictures, and below it where it comes from and what can be done with it.

import { memo } from 'react';
import type { Character } from 'chat/protocol';
import type { ThreadMessage } from 'chat/thread';
import { CircleAlert, CircleStop, Wrench } from 'lucide-react';
import { Link } from '@tanstack/react-router';

import { Button } from '../components/button.tsx';
import { classes } from '../components/classes.ts';
import { Avatar } from './avatar.tsx';
import { AnswerChips } from './answer-chips.tsx';
import { EditField } from './edit-field.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessagePicture } from './message-picture.tsx';
import { isOverBudget } from './message-state.ts';
import { MessageText } from './message-text.tsx';
import { useChatScreen } from './screen-context.ts';
import { useMessage } from './use-message.ts';

interface MessageRowFace {
  readonly id: string;
  readonly place: number;
  readonly of: number;
  readonly character: Character | null;
}

export const MessageRow = memo(function MessageRow({ id, place, of, character }: MessageRowFace) {
  const { chat, pictures, editing, edit } = useChatScreen();
  const message = useMessage(chat.thread, id);
  if (message === undefined) return null;
  const isOwn = message.sender === 'user';
  return (
    <article
      data-message-id={id}
      tabIndex={-1}
      aria-label={isOwn ? 'You' : (character?.name ?? 'Assistant')}
      aria-posinset={place}
      aria-setsize={of}
      aria-busy={message.status === 'streaming'}
      className={classes('group/row mx-auto flex max-w-3xl gap-3 px-4 py-2.5 sm:px-6', isOwn && 'justify-end')}
    >
      {!isOwn && <Avatar sign={character?.avatar ?? '💬'} />}
      <div className={classes('min-w-0', isOwn ? 'max-w-[85%]' : 'flex-1')}>
        {editing === id ? (
          <EditField
            text={message.content}
            onEnd={(text) => {
              edit(null);
              if (text !== null && text !== message.content) void chat.thread.edit(id, text);
            }}
          />
        ) : (
          <div className={classes('flex items-end gap-1', isOwn && 'justify-end')}>
            {isOwn && message.delivery === 'sent' && <MessageActions message={message} />}
            <div
              className={classes(
                'min-w-0 max-w-full',
                isOwn && 'whitespace-pre-wrap rounded-2xl rounded-br-md bg-accent-soft px-4 py-2.5',
              )}
            >
              <MessageText id={id} />
            </div>
          </div>
        )}
        {(message.artifacts.length > 0 ? message.artifacts : pictures.of(id)).map((artifact) => (
          <MessagePicture key={artifact.id} artifact={artifact} isOwn={isOwn} />
        ))}
        <Below message={message} isOwn={isOwn} />
      </div>
    </article>
  );
});

function Below({ message, isOwn }: { readonly message: ThreadMessage; readonly isOwn: boolean }) {
  const isStreaming = message.status === 'streaming';
  return (
    <>
      {message.tools.length > 0 && (
        <p className="mt-1.5 flex flex-wrap items-center gap-1.5 text-xs text-ink-soft">
          <Wrench aria-hidden className="size-3.5" /> Used {message.tools.map(({ name }) => name).join(', ')}
        </p>
      )}
      {isStreaming && <Typing />}
      {message.status === 'stopped' && (
        <p className="mt-1.5 flex items-center gap-1.5 text-sm text-ink-soft">
          <CircleStop aria-hidden className="size-4" /> Stopped. What was said is kept.
        </p>
      )}
      {message.status === 'failed' && <Failed problem={message.problem} />}
      {!isOwn && !isStreaming && (
        <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
          {message.source !== null && <AnswerChips message={message} />}
          <MessageActions message={message} />
        </div>
      )}
      {message.delivery !== 'sent' && <Delivery message={message} />}
    </>
  );
}

const Typing = () => (
  <span aria-hidden className="mt-2 flex gap-1">
    {[0, 1, 2].map((dot) => (
      <span key={dot} className="size-1.5 animate-breathe rounded-full bg-ink-faint" />
    ))}
  </span>
);

function Failed({ problem }: { readonly problem: string | null }) {
  return (
    <div className="mt-2 flex gap-2 rounded-lg bg-bad-soft px-3 py-2 text-sm [overflow-wrap:anywhere]">
      <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
      <p>
        <span className="font-semibold text-bad">The answer did not come to its end.</span> {problem}{' '}
        {isOverBudget(problem) && (
          <Link to="/costs" hash="budgets" className="font-medium text-accent-text underline">
            See the budgets
          </Link>
        )}
      </p>
    </div>
  );
}

function Delivery({ message }: { readonly message: ThreadMessage }) {
  const { chat, write } = useChatScreen();
  const key = message.clientKey ?? '';
  if (message.delivery !== 'failed') {
    return (
      <p className="mt-1 text-right text-xs text-ink-soft">
        {message.delivery === 'sending' ? 'Sending…' : 'It is sent when there is a connection'}
      </p>
    );
  }
  return (
    <div className="mt-1.5 flex flex-wrap items-center justify-end gap-2 text-sm">
      <p className="text-bad [overflow-wrap:anywhere]">Not sent. {message.problem}</p>
      <Button size="small" onClick={() => chat.thread.retry(key)}>
        Send again
      </Button>
      <Button size="small" look="quiet" onClick={() => write(chat.thread.discard(key))}>
        Take it back
      </Button>
    </div>
  );
}

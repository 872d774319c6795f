// Where a person writes, and what goes with it. What becomes of it: use-composing.ts.

import type { OpenChat, ThreadState } from 'chat/thread';
import { Mic, Paperclip, SendHorizontal, Square } from 'lucide-react';
import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
} from 'react';

import { Button } from '../components/button.tsx';
import { classes } from '../components/classes.ts';
import { AttachedList } from './attached-list.tsx';
import { PICTURE_TYPES } from './attachments.ts';
import { EnterChoice } from './enter-choice.tsx';
import { enterSends } from './enter-preference.ts';
import { useComposing, type Composing } from './use-composing.ts';
import { useThread } from './use-open-chat.ts';
import { voiceHere } from './voice.ts';

interface ComposerFace {
  readonly chat: OpenChat;
  readonly target: string;
  /** A text that is to be put into the field, such as a prompt; a new object each time. */
  readonly written: { readonly text: string } | null;
}

const isAnsweringIn = (state: ThreadState): boolean => state.answering !== null;
const CONTENT_LENGTH_MAX = 64 * 1024;

export function Composer({ chat, target, written }: ComposerFace) {
  const [sendsOnEnter, setSendsOnEnter] = useState(enterSends);
  const field = useRef<HTMLTextAreaElement>(null);
  const focus = (): void => field.current?.focus();
  const composing = useComposing({ chat, target, focus });
  const { text, change, attach, send, problem } = composing;
  useWritten(written, (next) => {
    change(next);
    focus();
  });
  return (
    <form
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault();
        attach([...event.dataTransfer.files]);
      }}
      className="mx-auto w-full max-w-3xl px-3 pb-3 sm:px-6"
    >
      {problem !== null && (
        <p role="alert" className="mb-2 rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
          {problem}
        </p>
      )}
      <div className="rounded-2xl border border-control bg-surface shadow-card focus-within:border-accent">
        <AttachedList attached={composing.attached} onChange={composing.setAttached} />
        <textarea
          ref={field}
          value={text}
          rows={1}
          maxLength={CONTENT_LENGTH_MAX}
          aria-label="Write a message"
          placeholder="Write a message"
          enterKeyHint="send"
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => composing.pressed(event, sendsOnEnter)}
          onPaste={({ clipboardData: { files } }: ClipboardEvent) => files.length > 0 && attach([...files])}
          className="block max-h-[40vh] min-h-11 w-full resize-none rounded-2xl bg-transparent px-4 pb-1 pt-3 outline-none [field-sizing:content] placeholder:text-ink-faint"
        />
        <div className="flex items-center gap-1 px-2 pb-2">
          <PictureButton onFiles={attach} />
          <VoiceButton onHeard={change} />
          <EnterChoice sends={sendsOnEnter} onChange={setSendsOnEnter} />
          <span className="flex-1" />
          <SendAndStop chat={chat} isEmpty={text.trim() === ''} composing={composing} />
        </div>
      </div>
    </form>
  );
}

interface SendAndStopFace {
  readonly chat: OpenChat;
  readonly isEmpty: boolean;
  readonly composing: Composing;
}

function SendAndStop({ chat, isEmpty, composing: { attached, isSending } }: SendAndStopFace) {
  const isAnswering = useThread(chat, isAnsweringIn);
  return (
    <>
      {isAnswering && (
        <Button size="small" onClick={() => void chat.thread.stop()}>
          <Square aria-hidden className="fill-current" /> Stop
        </Button>
      )}
      <Button
        type="submit"
        look="primary"
        size="icon"
        disabled={isEmpty || isSending}
        aria-label="Send"
        title={attached.length > 0 && isEmpty ? 'Say something about the picture first' : 'Send'}
        className="size-8"
      >
        <SendHorizontal aria-hidden className={classes(isSending && 'animate-breathe')} />
      </Button>
    </>
  );
}

function VoiceButton({ onHeard }: { readonly onHeard: (text: string) => void }) {
  const voice = voiceHere();
  if (voice === null) return null;
  return (
    <Button look="quiet" size="icon" className="size-8" aria-label="Speak" onClick={() => voice.listen(onHeard)}>
      <Mic aria-hidden />
    </Button>
  );
}

/** Puts a text into the field when there is a new one to be put. */
function useWritten(written: ComposerFace['written'], put: (text: string) => void): void {
  const putNow = useEffectEvent(put);
  useEffect(() => {
    if (written !== null) putNow(written.text);
  }, [written]);
}

function PictureButton({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        look="quiet"
        size="icon"
        className="size-8"
        aria-label="Attach a picture"
        title="Attach a picture"
        onClick={() => input.current?.click()}
      >
        <Paperclip aria-hidden />
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={PICTURE_TYPES.join(',')}
        aria-label="Pictures"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

// What the buttons of a message do.

import type { OpenChat } from '../thread/index.ts';
import type { Composer } from './composer.ts';
import { openInlineField } from './inline-field.ts';
import type { Words } from './words.ts';

export interface MessageActing {
  readonly chat: OpenChat;
  readonly words: Words;
  readonly composer: Composer;
  readonly action: string;
  readonly messageId: string;
  readonly button: Element;
}

export function actOnMessage({ chat, words, composer, action, messageId, button }: MessageActing): void {
  const { thread } = chat;
  const message = thread.message(messageId);
  if (message === undefined) return;
  const say = (announcement: string): void => thread.store.setState({ announcement });
  switch (action) {
    case 'like':
    case 'dislike':
      return void thread.react(messageId, message.reaction === action ? null : action);
    case 'regenerate':
      return void thread.regenerate(messageId);
    case 'branch-earlier':
      return void thread.showBranch(messageId, message.branch.number - 1);
    case 'branch-later':
      return void thread.showBranch(messageId, message.branch.number + 1);
    case 'copy':
      return void navigator.clipboard.writeText(message.content).then(
        () => say(words.copied),
        // A browser may forbid it; then the text can still be selected.
        () => undefined,
      );
    case 'retry':
      return thread.retry(message.clientKey ?? '');
    case 'discard':
      return composer.setText(thread.discard(message.clientKey ?? ''));
    case 'edit':
    case 'report':
      return openField({ chat, words, composer, action, messageId, button });
    default:
      // An action of a module, which hears it as chat:action.
      return;
  }
}

function openField({ chat, words, action, messageId, button }: MessageActing): void {
  const { thread } = chat;
  const row = button.closest('article');
  const text = row?.querySelector('.text');
  const message = thread.message(messageId);
  if (row === null || message === undefined || !(text instanceof HTMLElement)) return;
  const isEdit = action === 'edit';
  openInlineField(isEdit ? text : (row.querySelector('.footer') ?? text), {
    label: isEdit ? words.edit : words.reportWhy,
    text: isEdit ? message.content : '',
    done: isEdit ? words.save : words.report,
    cancel: words.cancel,
    onEnd: (answer) => {
      row.focus();
      if (answer === null) return;
      if (isEdit) return void thread.edit(messageId, answer);
      void thread.report(messageId, answer).then((isTold) => {
        if (isTold) thread.store.setState({ announcement: words.reported });
      });
    },
  });
}

// Where a person writes: the field, what is attached, and the buttons that send and stop.
// Rule: nothing that was written is lost: it is kept as a draft with every key, and stays in the field until it is taken.

import { createAttachments, PICTURE_TYPES, type AttachmentPorts } from './attachments.ts';
import { icon, iconButton, make } from './make.ts';

export interface ComposerPorts extends AttachmentPorts {
  draft(): string;
  keepDraft(text: string): void;
  stop(): void;
}

export interface Composer {
  readonly form: HTMLFormElement;
  readonly field: HTMLTextAreaElement;
  /** Ids of what is attached; they are taken with the message. */
  takeAttached(): readonly string[];
  setAnswering(isAnswering: boolean): void;
  setText(text: string): void;
}

export function createComposer(ports: ComposerPorts): Composer {
  const { words } = ports;
  const field = make('textarea', {
    'data-message-field': true,
    'aria-label': words.write,
    placeholder: words.write,
    rows: '1',
    maxlength: '65536',
    enterkeyhint: 'send',
  });
  field.value = ports.draft();
  field.addEventListener('input', () => ports.keepDraft(field.value));
  const attachments = createAttachments(ports);
  field.addEventListener('paste', (event) => {
    const image = [...(event.clipboardData?.files ?? [])].find(({ type }) => PICTURE_TYPES.includes(type));
    if (image !== undefined) void attachments.add(image);
  });
  const sending = { type: 'submit', class: 'icon send', 'aria-label': words.send, title: words.send };
  const send = make('button', sending, icon('send'));
  const stop = iconButton('stop', words.stop, { hidden: true });
  stop.addEventListener('click', () => ports.stop());
  const { button, file, list } = attachments;
  return {
    form: make(
      'form',
      { 'data-message-form': true },
      button,
      file,
      make('div', { class: 'field' }, list, field),
      stop,
      send,
    ),
    field,
    takeAttached: () => attachments.take(),
    setAnswering: (isAnswering) => void (stop.hidden = !isAnswering),
    setText: (text) => {
      field.value = text;
      ports.keepDraft(text);
      field.focus();
    },
  };
}

// A field in the place of something, for a moment: to edit a message, or to say what is wrong with it.

import { make } from './make.ts';

export interface InlineField {
  readonly label: string;
  readonly text: string;
  readonly done: string;
  readonly cancel: string;
  /** Called once, with null where it was called off. */
  onEnd(text: string | null): void;
}

export function openInlineField(before: HTMLElement, { label, text, done, cancel, onEnd }: InlineField): void {
  const area = make('textarea', { 'aria-label': label, rows: '3' });
  area.value = text;
  const confirm = make('button', { type: 'button', class: 'main' }, done);
  const leave = make('button', { type: 'button' }, cancel);
  const field = make('div', { class: 'inline' }, area, make('div', {}, leave, confirm));
  let isOver = false;
  const end = (answer: string | null): void => {
    if (isOver) return;
    isOver = true;
    before.hidden = false;
    field.remove();
    onEnd(answer);
  };
  confirm.addEventListener('click', () => end(area.value.trim() === '' ? null : area.value.trim()));
  leave.addEventListener('click', () => end(null));
  field.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    if (event.key === 'Escape') end(null);
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) confirm.click();
    event.stopPropagation();
  });
  before.hidden = true;
  before.after(field);
  area.focus();
}

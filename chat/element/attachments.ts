// The pictures that go with the next message.

import type { Artifact } from '../protocol/index.ts';
import { iconButton, make } from './make.ts';
import type { Words } from './words.ts';

export interface AttachmentPorts {
  readonly words: Words;
  upload(image: File): Promise<Artifact>;
  fail(error: unknown): void;
}

export interface Attachments {
  readonly button: HTMLButtonElement;
  readonly file: HTMLInputElement;
  readonly list: HTMLElement;
  add(image: File): Promise<void>;
  /** Their ids; they are gone from here then. */
  take(): readonly string[];
}

/** A message carries no more. */
const ATTACHED_MAX = 8;
export const PICTURE_TYPES = 'image/png,image/jpeg,image/webp,image/gif';

export function createAttachments({ words, upload, fail }: AttachmentPorts): Attachments {
  const attached: Artifact[] = [];
  const list = make('div', { class: 'attached' });
  const hidden = { class: 'hidden-text', tabindex: '-1', 'aria-hidden': 'true' };
  const file = make('input', { type: 'file', accept: PICTURE_TYPES, ...hidden });
  const button = iconButton('attach', words.attach);
  const show = (): void => list.replaceChildren(...attached.map(chipOf));
  const chipOf = (artifact: Artifact): HTMLElement => {
    const remove = iconButton('close', `${words.remove} ${artifact.alt}`);
    remove.addEventListener('click', () => {
      attached.splice(attached.indexOf(artifact), 1);
      show();
    });
    return make('span', { class: 'chip' }, artifact.alt, remove);
  };
  const add = async (image: File): Promise<void> => {
    if (attached.length >= ATTACHED_MAX) return;
    button.disabled = true;
    try {
      attached.push(await upload(image));
      show();
    } catch (error) {
      fail(error);
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener('click', () => file.click());
  file.addEventListener('change', () => {
    const [image] = file.files ?? [];
    if (image !== undefined) void add(image);
    file.value = '';
  });
  return {
    button,
    file,
    list,
    add,
    take: () => {
      const ids = attached.splice(0).map(({ id }) => id);
      show();
      return ids;
    },
  };
}

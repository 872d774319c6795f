// Listens to a page or a shadow root by one listener for each kind of event, and says what was meant by data-*:
// data-chat-id, data-message-action, data-image-action, data-dropdown, a form with data-message-form, data-send.
// Rule: the markup names things, never code; what is not in the list of attributes does nothing.

import type { Events } from './create-events.ts';
import { InputHistory, meaningOfKey } from './message-keys.ts';

/** An action that has an event of its own. */
const MESSAGE_EVENTS: ReadonlyMap<string, 'message:like' | 'message:regenerate'> = new Map([
  ['like', 'message:like'],
  ['regenerate', 'message:regenerate'],
] as const);

export interface DomPorts {
  readonly events: Events;
  /** Sends the text; true when it was taken, and the field is emptied. */
  submit?(text: string): boolean | Promise<boolean>;
  selectChat?(chatId: string): void;
  messageAction?(action: string, messageId: string, target: Element): void;
  imageAction?(action: string, imageId: string, target: Element): void;
  /** Whether a plain Enter sends; Ctrl or Cmd with Enter always does. */
  sendsOnEnter?(): boolean;
}

export interface AttachedDom {
  handleMessageSubmit(): Promise<void>;
  closeAllDropdowns(): void;
  detach(): void;
}

type Root = Document | ShadowRoot | HTMLElement;

const FIELD = '[data-message-field], #messageForm textarea, #messageForm input[type="text"]';
const FORM = '[data-message-form], #messageForm';
const SEND = '[data-send], #sendBtn';

export function attachDom(root: Root, ports: DomPorts): AttachedDom {
  const history = new InputHistory();
  const closeAllDropdowns = (except?: Element): void => closeDropdowns(root, except);

  const handleMessageSubmit = async (): Promise<void> => {
    const field = fieldIn(root);
    const text = field?.value.trim() ?? '';
    if (field === null || text === '' || ports.submit === undefined) return;
    if (!(await ports.submit(text))) return;
    history.remember(text);
    field.value = '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };

  const onClick = (event: Event): void => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    const dropdown = target.closest('[data-dropdown]');
    closeAllDropdowns(target.closest('[data-dropdown-menu]') ?? dropdown ?? undefined);
    if (dropdown !== null) return toggleDropdown(root, dropdown);
    // A button of a form submits it anyway; sending twice would be one time too many.
    const send = target.closest(SEND);
    if (send !== null && send.closest('form') === null) return void handleMessageSubmit();
    if (act(target, ports)) event.preventDefault();
  };
  const onSubmit = (event: Event): void => {
    if (!(event.target instanceof Element) || !event.target.matches(FORM)) return;
    event.preventDefault();
    void handleMessageSubmit();
  };
  const onKeydown = (event: Event): void => {
    if (!(event instanceof KeyboardEvent)) return;
    if (event.key === 'Escape') closeAllDropdowns();
    const field = fieldIn(root);
    if (field === null || event.target !== field) return;
    pressed(event, field, { history, submit: handleMessageSubmit, sendsOnEnter: ports.sendsOnEnter?.() ?? false });
  };

  const listeners = { click: onClick, submit: onSubmit, keydown: onKeydown };
  for (const [name, listener] of Object.entries(listeners)) root.addEventListener(name, listener);
  return {
    handleMessageSubmit,
    closeAllDropdowns: () => closeAllDropdowns(),
    detach: () => {
      for (const [name, listener] of Object.entries(listeners)) root.removeEventListener(name, listener);
    },
  };
}

/** Says what an element with data-* means; true where it meant something. */
function act(target: Element, ports: DomPorts): boolean {
  const marked = target.closest('[data-message-action], [data-image-action], [data-chat-id]');
  if (!(marked instanceof HTMLElement)) return false;
  const { messageAction, imageAction, chatId } = marked.dataset;
  const { events } = ports;
  if (messageAction !== undefined) {
    const messageId = idOf(marked, 'data-message-id');
    const own = MESSAGE_EVENTS.get(messageAction);
    if (own === undefined) events.triggerChatEvent('chat:action', { action: messageAction, messageId });
    else events.triggerChatEvent(own, { messageId });
    ports.messageAction?.(messageAction, messageId, marked);
  } else if (imageAction !== undefined) {
    const imageId = idOf(marked, 'data-image-id');
    if (imageAction === 'upscale') events.triggerChatEvent('image:upscale', { imageId });
    else events.triggerChatEvent('chat:action', { action: imageAction, imageId });
    ports.imageAction?.(imageAction, imageId, marked);
  } else if (chatId !== undefined) {
    events.triggerChatEvent('chat:selected', { chatId });
    ports.selectChat?.(chatId);
  }
  return true;
}

const idOf = (element: Element, attribute: string): string =>
  element.closest(`[${attribute}]`)?.getAttribute(attribute) ?? '';

interface Pressing {
  readonly history: InputHistory;
  readonly submit: () => Promise<void>;
  readonly sendsOnEnter: boolean;
}

function pressed(
  event: KeyboardEvent,
  field: HTMLTextAreaElement | HTMLInputElement,
  { history, submit, sendsOnEnter }: Pressing,
): void {
  const caret = {
    value: field.value,
    selectionStart: field.selectionStart ?? 0,
    selectionEnd: field.selectionEnd ?? 0,
  };
  const meaning = meaningOfKey(event, caret, sendsOnEnter);
  if (meaning === 'send') {
    event.preventDefault();
    void submit();
  }
  if (meaning !== 'earlier' && meaning !== 'later') return;
  const text = meaning === 'earlier' ? history.earlier(field.value) : history.later();
  if (text === null) return;
  event.preventDefault();
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function fieldIn(root: Root): HTMLTextAreaElement | HTMLInputElement | null {
  const field = root.querySelector(FIELD);
  return field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement ? field : null;
}

/** The menu of a button: named by its value, else the next element. */
function menuOf(root: Root, button: Element): Element | null {
  const name = button.getAttribute('data-dropdown') ?? '';
  const menus = [...root.querySelectorAll('[data-dropdown-menu]')];
  return (
    menus.find((menu) => menu.getAttribute('data-dropdown-menu') === name && name !== '') ?? button.nextElementSibling
  );
}

function toggleDropdown(root: Root, button: Element): void {
  const menu = menuOf(root, button);
  if (!(menu instanceof HTMLElement)) return;
  menu.hidden = !menu.hidden;
  button.setAttribute('aria-expanded', String(!menu.hidden));
}

function closeDropdowns(root: Root, except?: Element): void {
  for (const button of root.querySelectorAll('[data-dropdown][aria-expanded="true"]')) {
    const menu = menuOf(root, button);
    if (except !== undefined && (except === button || except === menu)) continue;
    if (menu instanceof HTMLElement) menu.hidden = true;
    button.setAttribute('aria-expanded', 'false');
  }
}

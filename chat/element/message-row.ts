// One message: who says it, its text, its pictures, where it comes from, and what one can do with it.
// Rule: a row follows its message and nothing else; only what changed is made anew.

import type { Artifact, Message } from '../protocol/index.ts';
import type { RenderedAction } from '../modules/index.ts';
import type { Markdown, MarkdownReader, ThreadMessage } from '../thread/index.ts';
import { iconButton, make } from './make.ts';
import type { Row } from './row-list.ts';
import { sourceLine } from './source-line.ts';
import type { Words } from './words.ts';

export interface RowPorts {
  readonly words: Words;
  readonly markdown: Markdown;
  message(id: string): ThreadMessage | undefined;
  watch(id: string, watcher: () => void): () => void;
  /** The name of whom one talks to. */
  name(): string;
  actionsFor(message: Message): readonly RenderedAction[];
  /** A picture's address in this page, or null. Gives back what forgets it. */
  picture(artifact: Artifact, show: (url: string | null) => void): () => void;
}

/** Rebuilt when one of these changes; the text has its own way. */
const looksOf = (message: ThreadMessage): string =>
  JSON.stringify([
    message.status,
    message.delivery,
    message.problem,
    message.reaction,
    message.branch,
    message.source,
    message.costMicroUsd,
    message.verdict,
    message.artifacts.map(({ id }) => id),
    message.tools.length,
  ]);

export function messageRow(id: string, ports: RowPorts): Row {
  const body = make('div', { class: 'text' });
  const extras = make('div', { class: 'extras' });
  const element = make('article', { 'data-message-id': id, tabindex: '-1' }, body, extras);
  const reader = ports.markdown.open();
  let shown: { readonly content: string; readonly looks: string; readonly isWhole: boolean } | null = null;
  let forget: () => void = () => {};

  const update = (): void => {
    const message = ports.message(id);
    if (message === undefined) return;
    const looks = looksOf(message);
    const isWhole = message.status !== 'streaming';
    if (shown?.content !== message.content || shown.isWhole !== isWhole) showText(body, message, reader);
    if (shown?.looks !== looks) {
      forget();
      forget = showRest(element, extras, message, ports);
    }
    shown = { content: message.content, looks, isWhole };
  };
  const unwatch = ports.watch(id, update);
  update();
  return {
    element,
    place: (position, of) => {
      element.setAttribute('aria-posinset', String(position));
      element.setAttribute('aria-setsize', String(of));
    },
    close: () => {
      unwatch();
      forget();
    },
  };
}

/** What people write is shown as they wrote it; what a model writes is Markdown. */
function showText(body: HTMLElement, message: ThreadMessage, reader: MarkdownReader): void {
  if (message.sender === 'user') body.textContent = message.content;
  else reader.showIn(body, message.content, message.status !== 'streaming');
}

function showRest(element: HTMLElement, extras: HTMLElement, message: ThreadMessage, ports: RowPorts): () => void {
  const { words } = ports;
  const isStreaming = message.status === 'streaming';
  const name = message.sender === 'user' ? words.you : ports.name();
  element.className = `row ${message.sender}`;
  element.setAttribute('aria-label', name);
  element.setAttribute('aria-busy', String(isStreaming));
  const forgets: (() => void)[] = [];
  const pictures = message.artifacts.map((artifact) => pictureOf(artifact, ports, forgets));
  const parts: Node[] = [...pictures, ...message.tools.map((tool) => make('div', { class: 'tool' }, `⚙ ${tool.name}`))];
  if (message.status === 'failed' && message.problem !== null)
    parts.push(make('p', { class: 'problem' }, message.problem));
  if (message.status === 'stopped') parts.push(make('p', { class: 'note' }, words.stopped));
  if (isStreaming)
    parts.push(make('span', { class: 'typing', 'aria-hidden': 'true' }, make('i'), make('i'), make('i')));
  if (message.delivery !== 'sent') parts.push(deliveryLine(message, words));
  else if (!isStreaming) parts.push(footer(message, ports));
  extras.replaceChildren(...parts);
  return () => forgets.splice(0).forEach((forget) => forget());
}

function pictureOf(artifact: Artifact, { picture, words }: RowPorts, forgets: (() => void)[]): HTMLElement {
  // Its place is known before it is there, so that nothing jumps.
  const image = make('img', { alt: artifact.alt, width: String(artifact.width), height: String(artifact.height) });
  const figure = make('figure', { 'data-image-id': artifact.id }, image);
  forgets.push(
    picture(artifact, (url) => {
      if (url === null) figure.replaceChildren(make('p', { class: 'problem' }, words.noPicture));
      else image.src = url;
    }),
  );
  figure.append(iconButton('upscale', words.upscale, { 'data-image-action': 'upscale' }));
  return figure;
}

function deliveryLine(message: ThreadMessage, words: Words): HTMLElement {
  const text = { sending: words.sending, waiting: words.waiting, failed: words.notSent, sent: '' }[message.delivery];
  const line = make('p', { class: message.delivery === 'failed' ? 'problem' : 'note' }, text);
  if (message.delivery === 'failed') {
    if (message.problem !== null) line.append(`: ${message.problem} `);
    line.append(
      make('button', { type: 'button', class: 'link', 'data-message-action': 'retry' }, words.again),
      make('button', { type: 'button', class: 'link', 'data-message-action': 'discard' }, words.discard),
    );
  }
  return line;
}

function footer(message: ThreadMessage, ports: RowPorts): HTMLElement {
  const { words } = ports;
  const line = make('div', { class: 'footer' });
  if (message.source !== null) line.append(sourceLine(message, words));
  const buttons = make('div', { class: 'actions' });
  if (message.branch.of > 1) buttons.append(...branchButtons(message, words));
  // A greeting or a question of the set-up was made by nobody who could try again.
  const isAnswer = message.sender === 'bot' && message.source !== null;
  if (isAnswer) {
    const pressed = (reaction: 'like' | 'dislike') => String(message.reaction === reaction);
    buttons.append(
      iconButton('like', words.like, { 'data-message-action': 'like', 'aria-pressed': pressed('like') }),
      iconButton('dislike', words.dislike, { 'data-message-action': 'dislike', 'aria-pressed': pressed('dislike') }),
      iconButton('regenerate', words.regenerate, { 'data-message-action': 'regenerate' }),
    );
  } else if (message.sender === 'user') {
    buttons.append(iconButton('edit', words.edit, { 'data-message-action': 'edit' }));
  }
  buttons.append(iconButton('copy', words.copy, { 'data-message-action': 'copy' }));
  if (isAnswer) buttons.append(iconButton('report', words.report, { 'data-message-action': 'report' }));
  for (const { action, label } of ports.actionsFor(message)) {
    buttons.append(make('button', { type: 'button', class: 'link', 'data-message-action': action }, label));
  }
  line.append(buttons);
  return line;
}

function branchButtons({ branch }: Message, words: Words): readonly Node[] {
  const { number, of } = branch;
  return [
    iconButton('back', words.earlierBranch, { 'data-message-action': 'branch-earlier', disabled: number <= 1 }),
    make('span', { class: 'branch', 'aria-label': words.branch(number, of), role: 'img' }, `${number}/${of}`),
    iconButton('forward', words.laterBranch, { 'data-message-action': 'branch-later', disabled: number >= of }),
  ];
}

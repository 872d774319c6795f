// Makes the nodes of a page from what a Markdown reader found, one by one.
// Rule: nothing is ever parsed as HTML: there is no text of HTML, so there is nothing to clean and nothing to run. HTML
// that a model writes is shown as what it wrote. Only the elements and attributes that are named below can come out.

import { Lexer, type Token, type Tokens } from 'marked';

import { linkPlace, picturePlace } from './markdown-links.ts';
import { decoded } from './markdown-text.ts';

export interface NodeMaking {
  readonly document: Document;
  readonly origin: string;
}

/** Deeper than anybody writes; below it, text is shown as it was written. */
const DEPTH_MAX = 40;

/** The nodes of one block. */
export function markdownNodes(raw: string, making: NodeMaking): DocumentFragment {
  const fragment = making.document.createDocumentFragment();
  append(fragment, new Lexer({ gfm: true }).lex(raw), { ...making, depth: 0 });
  return fragment;
}

/** What a fence or an indentation holds, as text. */
export function codeNodes(raw: string, { document }: NodeMaking): HTMLElement {
  const [token] = new Lexer({ gfm: true }).blockTokens(raw, []);
  const pre = document.createElement('pre');
  // It scrolls sideways, also by the keyboard.
  pre.tabIndex = 0;
  const code = document.createElement('code');
  code.textContent = token?.type === 'code' ? String(token['text']) : raw;
  pre.append(code);
  return pre;
}

export function plainNodes(raw: string, { document }: NodeMaking): HTMLElement {
  const plain = document.createElement('div');
  plain.className = 'plain';
  plain.textContent = raw;
  return plain;
}

interface Making extends NodeMaking {
  readonly depth: number;
}

function append(parent: Node, tokens: readonly Token[], making: Making): void {
  for (const token of tokens) {
    const node = nodeOf(token, making);
    if (node !== null) parent.appendChild(node);
  }
}

type Maker = (token: never, making: Making) => Node | null;

/** By the reader's own names; what is not named is shown as it was written. */
const MAKERS: Readonly<Record<string, Maker>> = {
  space: () => null,
  def: () => null,
  hr: (_: Tokens.Hr, making) => making.document.createElement('hr'),
  br: (_: Tokens.Br, making) => making.document.createElement('br'),
  paragraph: (token: Tokens.Paragraph, making) => element('p', token.tokens, making),
  blockquote: (token: Tokens.Blockquote, making) => element('blockquote', token.tokens, making),
  // The page has its own first heading, and the conversation its second.
  heading: (token: Tokens.Heading, making) => element(`h${Math.min(token.depth + 2, 6)}`, token.tokens, making),
  strong: (token: Tokens.Strong, making) => element('strong', token.tokens, making),
  em: (token: Tokens.Em, making) => element('em', token.tokens, making),
  del: (token: Tokens.Del, making) => element('del', token.tokens, making),
  code: (token: Tokens.Code, making) => codeNodes(token.raw, making),
  codespan: (token: Tokens.Codespan, making) => textIn('code', token.text, making),
  list: (token: Tokens.List, making) => listNode(token, making),
  table: (token: Tokens.Table, making) => tableNode(token, making),
  link: (token: Tokens.Link, making) => linkNode(token, making),
  image: (token: Tokens.Image, making) => pictureNode(token, making),
  checkbox: (token: Tokens.Checkbox, making) => making.document.createTextNode(token.checked ? '☑ ' : '☐ '),
  escape: (token: Tokens.Escape, making) => making.document.createTextNode(token.text),
  html: (token: Tokens.HTML, making) => htmlNode(token.raw, making),
  text: (token: Tokens.Text, making) => {
    if (token.tokens === undefined) return making.document.createTextNode(decoded(token.raw));
    const fragment = making.document.createDocumentFragment();
    append(fragment, token.tokens, deeper(making));
    return fragment;
  },
};

function nodeOf(token: Token, making: Making): Node | null {
  const maker = Object.hasOwn(MAKERS, token.type) ? MAKERS[token.type] : undefined;
  if (maker === undefined || making.depth > DEPTH_MAX) return making.document.createTextNode(token.raw);
  return maker(token as never, making);
}

const deeper = (making: Making): Making => ({ ...making, depth: making.depth + 1 });

function element(name: string, tokens: readonly Token[], making: Making): HTMLElement {
  const made = making.document.createElement(name);
  append(made, tokens, deeper(making));
  return made;
}

function textIn(name: string, text: string, { document }: Making): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** A break is what it looks like; anything else that looks like HTML is text. */
function htmlNode(raw: string, { document }: Making): Node {
  return /^<br\s*\/?>$/i.test(raw.trim()) ? document.createElement('br') : document.createTextNode(raw);
}

function listNode(list: Tokens.List, making: Making): HTMLElement {
  const made = making.document.createElement(list.ordered ? 'ol' : 'ul');
  if (list.ordered && Number.isInteger(list.start) && list.start !== 1) made.setAttribute('start', String(list.start));
  for (const item of list.items) made.append(element('li', item.tokens, making));
  return made;
}

function tableNode(table: Tokens.Table, making: Making): HTMLElement {
  const { document } = making;
  const cell = (name: string, { tokens, align }: Tokens.TableCell): HTMLElement => {
    const made = element(name, tokens, making);
    if (align !== null) made.setAttribute('align', align);
    return made;
  };
  const row = (name: string, cells: readonly Tokens.TableCell[]): HTMLElement => {
    const made = document.createElement('tr');
    made.append(...cells.map((each) => cell(name, each)));
    return made;
  };
  const head = document.createElement('thead');
  head.append(row('th', table.header));
  const body = document.createElement('tbody');
  body.append(...table.rows.map((cells) => row('td', cells)));
  const made = document.createElement('table');
  made.append(head, body);
  const frame = document.createElement('div');
  frame.className = 'table';
  frame.tabIndex = 0;
  frame.append(made);
  return frame;
}

function linkNode({ href, tokens }: Tokens.Link, making: Making): Node {
  const { document, origin } = making;
  const place = linkPlace(decoded(href), origin);
  const all = document.createDocumentFragment();
  if (place.kind === 'none') {
    append(all, tokens, deeper(making));
    return all;
  }
  const link = document.createElement('a');
  append(link, tokens, deeper(making));
  link.setAttribute('href', place.href);
  link.setAttribute('target', '_blank');
  link.setAttribute('rel', 'noopener noreferrer nofollow');
  all.append(link);
  if (place.host !== null && !(link.textContent ?? '').includes(place.host)) {
    const host = textIn('span', ` (${place.host})`, making);
    host.className = 'host';
    all.append(host);
  }
  return all;
}

/** A picture of another host is named, and never asked for. */
function pictureNode({ href, text }: Tokens.Image, making: Making): Node {
  const { document, origin } = making;
  const address = decoded(href);
  const source = picturePlace(address, origin);
  if (source !== null) {
    const picture = document.createElement('img');
    picture.setAttribute('loading', 'lazy');
    picture.setAttribute('alt', decoded(text));
    picture.setAttribute('src', source);
    return picture;
  }
  const place = linkPlace(address, origin);
  const host = place.kind === 'link' && place.host !== null ? ` (${place.host})` : '';
  const left = textIn('span', `${text === '' ? '🖼' : decoded(text)}${host}`, making);
  left.className = 'picture-left-out';
  return left;
}

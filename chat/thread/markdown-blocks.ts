// Cuts a growing text into blocks: settled ones, which are never looked at again, and a tail.
// Rule: work per frame depends on the tail, not on the text; and what would take too long is shown as it was written.

import { Lexer, type Token } from 'marked';

export interface TextBlock {
  /** Its place in the text: settled blocks keep theirs. */
  readonly at: number;
  readonly raw: string;
  /** `code`: what a fence holds, which needs no further reading. `plain`: too much to be read as Markdown. */
  readonly kind: 'markdown' | 'code' | 'plain';
  readonly isSettled: boolean;
}

/** A page of text. What is longer without a blank line was not written for people. */
const BLOCK_LENGTH_MAX = 16 * 1024;
/** More marks than this in one block are no writing: 78 KB of `**a**` took two seconds to read. */
const MARKS_MAX = 1500;
/** Deeper quotes and lists would be read by as many calls within each other. */
const DEPTH_MAX = 12;
/** Nobody reads more; each costs a place in the page. */
const BLOCKS_MAX = 2000;
/** The last two may still become something else: a paragraph a heading, a list one item longer. */
const UNSETTLED = 2;

export class BlockReader {
  #settled: TextBlock[] = [];
  #offset = 0;
  #text = '';
  #texts = 0;

  /** Counts the texts that were not the one before, going on. */
  get texts(): number {
    return this.#texts;
  }

  /** The blocks of the text. Where it goes on from the last one that was read, only its tail is looked at. */
  read(written: string, isWhole: boolean): readonly TextBlock[] {
    const text = written.replaceAll(/\r\n?/g, '\n');
    if (!text.startsWith(this.#text)) this.#forget();
    this.#text = text;
    const tail = cut(text.slice(this.#offset), this.#offset);
    const count = isWhole ? tail.length : Math.max(0, tail.length - UNSETTLED);
    const settled = tail.slice(0, count).map((block) => ({ ...block, isSettled: true }));
    this.#settled = [...this.#settled, ...settled];
    const rest = tail.slice(count);
    this.#offset = rest[0]?.at ?? text.length;
    return [...this.#settled, ...rest];
  }

  #forget(): void {
    this.#settled = [];
    this.#offset = 0;
    this.#texts += 1;
  }
}

function cut(text: string, offset: number): readonly TextBlock[] {
  if (isBomb(text)) return plainPieces(text, offset);
  const tokens = topTokens(text);
  // Should the reader ever lose or change a character, places would be wrong: then it is shown as it was written.
  if (tokens.map(({ raw }) => raw).join('') !== text) return plainPieces(text, offset);
  const blocks: TextBlock[] = [];
  let at = offset;
  for (const token of tokens) {
    if (blocks.length === BLOCKS_MAX) return [...blocks, ...plainPieces(text.slice(at - offset), at)];
    const isNothing = token.type === 'space' || token.raw === '';
    if (!isNothing) blocks.push({ at, raw: token.raw, kind: kindOf(token), isSettled: false });
    at += token.raw.length;
  }
  return blocks;
}

/** Only the outermost blocks: what is inside a line is read when its block is rendered. */
function topTokens(text: string): readonly Token[] {
  const lexer = new Lexer({ gfm: true });
  return lexer.blockTokens(text, []);
}

function kindOf(token: Token): TextBlock['kind'] {
  if (token.type === 'code') return 'code';
  return token.raw.length > BLOCK_LENGTH_MAX || marksIn(token.raw) > MARKS_MAX ? 'plain' : 'markdown';
}

const marksIn = (text: string): number => text.match(/[*_`[\]!<>~|\\&]/g)?.length ?? 0;

/** Before it is read at all: a paragraph of marks, or nesting that no person writes. */
function isBomb(text: string): boolean {
  if (text.length > BLOCK_LENGTH_MAX * 8) return true;
  for (const line of text.split('\n')) {
    const prefix = /^[\s>*+\-\d.)]*/.exec(line)?.[0] ?? '';
    const depth =
      (prefix.match(/>|[*+-] |\d[.)] /g)?.length ?? 0) + Math.floor((/^\s*/.exec(line)?.[0].length ?? 0) / 80);
    if (depth > DEPTH_MAX || line.length > BLOCK_LENGTH_MAX || marksIn(line) > MARKS_MAX) return true;
  }
  return false;
}

/** In pieces, so that a long one grows without being shown anew each time. */
function plainPieces(text: string, offset: number): readonly TextBlock[] {
  const pieces: TextBlock[] = [];
  for (let at = 0; at < text.length; at += BLOCK_LENGTH_MAX) {
    pieces.push({ at: offset + at, raw: text.slice(at, at + BLOCK_LENGTH_MAX), kind: 'plain', isSettled: false });
  }
  return pieces;
}

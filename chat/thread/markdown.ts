// Text of a model as nodes of a page, safely and while it still comes.
// Rule: settled blocks are frozen; a frame costs as much as the tail is long, however long the text.

import { BlockReader, type TextBlock } from './markdown-blocks.ts';
import { codeNodes, markdownNodes, plainNodes, type NodeMaking } from './markdown-nodes.ts';

export interface MarkdownBlock {
  /** Stays the same for as long as its text does. */
  readonly key: string;
  readonly isSettled: boolean;
  /** Made anew with each call. */
  nodes(): Node;
}

/** Reads one text that grows. */
export interface MarkdownReader {
  read(text: string, isWhole: boolean): readonly MarkdownBlock[];
  /** Shows it inside an element, and changes only what has changed since. */
  showIn(element: Element, text: string, isWhole: boolean): void;
}

export interface Markdown {
  open(): MarkdownReader;
  /** One text that is whole. */
  nodes(text: string): DocumentFragment;
}

/** @param options `origin`: of the server, whose pictures may be shown. */
export function createMarkdown(options: NodeMaking): Markdown {
  const { document } = options;
  const nodesOf = (block: TextBlock): Node => {
    if (block.kind === 'plain') return plainNodes(block.raw, options);
    return block.kind === 'code' ? codeNodes(block.raw, options) : markdownNodes(block.raw, options);
  };
  const open = (): MarkdownReader => {
    const reader = new BlockReader();
    const read = (text: string, isWhole: boolean): readonly MarkdownBlock[] =>
      reader.read(text, isWhole).map((block) => ({
        key: `${reader.texts}:${block.at}:${block.kind}:${block.raw.length}`,
        isSettled: block.isSettled,
        nodes: () => nodesOf(block),
      }));
    return { read, showIn: showing(document, read) };
  };
  return {
    open,
    nodes: (text) => {
      const all = document.createDocumentFragment();
      for (const block of new BlockReader().read(text, true)) all.append(nodesOf(block));
      return all;
    },
  };
}

interface Shown {
  readonly key: string;
  readonly holder: Element;
}

function showing(document: Document, read: MarkdownReader['read']): MarkdownReader['showIn'] {
  const shown: Shown[] = [];
  return (element, text, isWhole) => {
    const blocks = read(text, isWhole);
    for (const [index, block] of blocks.entries()) {
      const before = shown[index];
      const isThere = before?.holder.parentNode === element;
      if (isThere && before?.key === block.key) continue;
      const holder = before?.holder ?? document.createElement('div');
      holder.replaceChildren(block.nodes());
      if (!isThere) element.append(holder);
      shown[index] = { key: block.key, holder };
    }
    for (const { holder } of shown.splice(blocks.length)) holder.remove();
  };
}

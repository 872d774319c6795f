// What a person named as the project, read without opening it. Pure.

import { unreachable } from 'kernel/basics';

import type { ProjectChoice } from '../protocol/index.ts';
import { looksLikeAddress } from './git-address.ts';

/** An address, an archive or a folder, as the words on a command line mean it. `resolve` makes a path absolute. */
export function readChoice(words: string, branch: string | null, resolve: (path: string) => string): ProjectChoice {
  if (looksLikeAddress(words)) return { kind: 'git', url: words, ...(branch === null ? {} : { branch }) };
  const path = resolve(words);
  return /\.zip$/i.test(path) ? { kind: 'zip', path } : { kind: 'path', path };
}

/** How a choice is called in lists and messages. */
export function choiceText(choice: ProjectChoice): string {
  switch (choice.kind) {
    case 'path':
    case 'zip':
      return choice.path;
    case 'sample':
      return choice.spec;
    case 'upload':
      return choice.name ?? 'an uploaded archive';
    case 'git':
      return choice.url;
    default:
      return unreachable(choice);
  }
}

// What a screen reader says of an answer: that it began, that it is whole, or what went wrong. Never its words as they
// come; at most three for each answer.

import type { Message } from '../protocol/index.ts';

export interface Announcements {
  readonly began: string;
  readonly complete: (words: number) => string;
  readonly stopped: (words: number) => string;
}

const en: Announcements = {
  began: 'Assistant is answering',
  complete: (words) => `Answer complete, ${words} ${words === 1 ? 'word' : 'words'}`,
  stopped: (words) => `Answer stopped after ${words} ${words === 1 ? 'word' : 'words'}`,
};
const de: Announcements = {
  began: 'Der Assistent antwortet',
  complete: (words) => `Antwort vollständig, ${words} ${words === 1 ? 'Wort' : 'Wörter'}`,
  stopped: (words) => `Antwort nach ${words} ${words === 1 ? 'Wort' : 'Wörtern'} angehalten`,
};

export const announcementsFor = (language: string): Announcements => (/^de\b/i.test(language) ? de : en);

export const wordsIn = (text: string): number => text.match(/\p{L}[\p{L}\p{M}\p{N}'’-]*|\p{N}+/gu)?.length ?? 0;

export function endAnnouncement({ status, content, problem }: Message, words: Announcements): string {
  if (status === 'failed') return problem ?? words.stopped(wordsIn(content));
  return status === 'stopped' ? words.stopped(wordsIn(content)) : words.complete(wordsIn(content));
}

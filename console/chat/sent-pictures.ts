// The pictures of messages that this page has sent. The conversation learns them from the server when it is read again;
// until then they are known here, so that nobody wonders where their picture went.

import type { Events } from 'chat/events';
import type { Artifact } from 'chat/protocol';

export interface SentPictures {
  /** What was sent with a text. */
  add(content: string, pictures: readonly Artifact[]): void;
  of(messageId: string): readonly Artifact[];
}

export function createSentPictures(events: Pick<Events, 'on'>): SentPictures {
  const waiting: { readonly content: string; readonly pictures: readonly Artifact[] }[] = [];
  const sent = new Map<string, readonly Artifact[]>();
  events.on('message:sent', ({ messageId, content }) => {
    const index = waiting.findIndex((each) => each.content === content);
    const [found] = index < 0 ? [] : waiting.splice(index, 1);
    if (found !== undefined) sent.set(messageId, found.pictures);
  });
  return {
    add: (content, pictures) => {
      if (pictures.length > 0) waiting.push({ content, pictures });
    },
    of: (messageId) => sent.get(messageId) ?? [],
  };
}

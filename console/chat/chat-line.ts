// The line under the title: what is going on in the conversation just now. Pure.

import type { ThreadState } from 'chat/thread';

type Seen = Pick<ThreadState, 'connection' | 'loading' | 'answering' | 'character'>;

export function lineOf({ connection, loading, answering, character }: Seen): string {
  const name = character?.name ?? 'The assistant';
  if (loading === 'first') return 'Loading the conversation…';
  if (loading === 'older') return 'Loading earlier messages…';
  if (answering !== null) {
    if (connection === 'waiting') return 'Connection lost. The answer is written on; reconnecting…';
    return connection === 'connecting' ? 'Connecting…' : `${name} is answering…`;
  }
  return name;
}

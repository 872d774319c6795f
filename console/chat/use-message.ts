// One message of the conversation, for its row: drawn anew only when it looks different. Its text is shown past React,
// since it changes with every frame while an answer comes.

import type { Thread, ThreadMessage } from 'chat/thread';
import { useCallback, useRef, useSyncExternalStore } from 'react';

import { looksOf } from './message-state.ts';

export function useMessage(thread: Thread, id: string): ThreadMessage | undefined {
  const shown = useRef<{ readonly message: ThreadMessage; readonly looks: string } | null>(null);
  const watch = useCallback((changed: () => void) => thread.watchMessage(id, changed), [thread, id]);
  return useSyncExternalStore(watch, () => {
    const message = thread.message(id);
    if (message === undefined || message === shown.current?.message) return shown.current?.message;
    const looks = looksOf(message);
    if (shown.current?.looks !== looks) shown.current = { message, looks };
    return shown.current.message;
  });
}

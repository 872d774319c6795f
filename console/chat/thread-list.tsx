// The conversation itself: as long as it is, only the rows in sight exist. The end is followed until the person reads
// elsewhere. Heard by screen readers through one status line (chat-page.tsx), never word by word.

import { ArrowDown } from 'lucide-react';
import { isPendingId, type ThreadState } from 'chat/thread';
import { useRef, useState, type FocusEvent } from 'react';
import { Virtualizer } from 'virtua';

import { Button } from '../components/button.tsx';
import { classes } from '../components/classes.ts';
import { MessageRow } from './message-row.tsx';
import { useChatScreen } from './screen-context.ts';
import { isPrepended, jumpText } from './thread-list-state.ts';
import { useFollowing } from './use-following.ts';
import { useThread } from './use-open-chat.ts';

const idsOf = (state: ThreadState): readonly string[] => state.ids;
const characterOf = (state: ThreadState) => state.character;

/** Beyond what is in sight, so that quick scrolling shows no gaps. */
const BEYOND_PIXELS = 500;

export function ThreadList() {
  const { chat, editing } = useChatScreen();
  const ids = useThread(chat, idsOf);
  const character = useThread(chat, characterOf);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const last = ids.at(-1) ?? '';
  const { following, tell } = useFollowing({
    scroller,
    rows,
    last,
    isOwn: isPendingId(last),
    onBeginning: () => void chat.thread.loadOlder(),
  });
  const [focused, setFocused] = useState<string | null>(null);
  const held = [focused, editing].map((id) => (id === null ? -1 : ids.indexOf(id))).filter((index) => index >= 0);
  const isShifted = useShift(ids);
  const keepFocus = (event: FocusEvent): void =>
    setFocused(event.target.closest('[data-message-id]')?.getAttribute('data-message-id') ?? null);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label="Messages"
        tabIndex={0}
        onFocus={keepFocus}
        onBlur={() => setFocused(null)}
        className="h-full overflow-y-auto overscroll-contain py-4 -outline-offset-2 [overflow-anchor:none]"
      >
        <div ref={rows}>
          <Virtualizer data={ids} scrollRef={scroller} shift={isShifted} bufferSize={BEYOND_PIXELS} keepMounted={held}>
            {(id, index) => (
              <div key={id} {...(index === ids.length - 1 ? { 'data-last': '' } : {})}>
                <MessageRow id={id} place={index + 1} of={ids.length} character={character} />
              </div>
            )}
          </Virtualizer>
        </div>
      </div>
      <div className={classes('absolute inset-x-0 bottom-3 flex justify-center', following.isFollowing && 'hidden')}>
        <Button size="small" className="rounded-full shadow-raised" onClick={() => tell({ kind: 'jumped' })}>
          <ArrowDown aria-hidden /> {jumpText(following.newCount)}
        </Button>
      </div>
    </div>
  );
}

/** Whether what came last came before the rest: then the view stays where it is. */
function useShift(ids: readonly string[]): boolean {
  const [seen, setSeen] = useState({ ids, isShifted: false });
  if (seen.ids !== ids) setSeen({ ids, isShifted: isPrepended(seen.ids, ids) });
  return seen.isShifted;
}

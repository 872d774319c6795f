import type { OpenChat, ThreadState } from 'chat/thread';
import { CircleAlert, X } from 'lucide-react';

import { SignedOut } from '../components/signed-out.tsx';
import { useThread } from './use-open-chat.ts';

const problemOf = (state: ThreadState) => state.problem;

/** What went wrong in the conversation, until somebody has read it. */
export function ProblemBar({ chat }: { readonly chat: OpenChat }) {
  const problem = useThread(chat, problemOf);
  if (problem === null) return null;
  if (problem.kind === 'auth') {
    return (
      <div role="alert" className="px-4 pb-3">
        <SignedOut />
      </div>
    );
  }
  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-2 sm:px-6">
      <div role="alert" className="flex items-start gap-2 rounded-lg bg-bad-soft px-3 py-2 text-sm">
        <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-bad" />
        <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">{problem.text}</p>
        <button
          type="button"
          aria-label="Close the message"
          onClick={() => chat.thread.clearProblem()}
          className="grid size-6 shrink-0 place-items-center rounded-md text-ink-soft hover:bg-surface"
        >
          <X aria-hidden className="size-4" />
        </button>
      </div>
    </div>
  );
}

// The sandbox of this machine, where it matters: only when there is none.

import { ShieldAlert } from 'lucide-react';
import type { Machine } from 'tandem/protocol';

import { CopyLine } from './copy-line.tsx';
import { commandIn, textBefore } from './sandbox-line.ts';

export function SandboxCard({ sandbox }: { readonly sandbox: Machine['sandbox'] }) {
  if (sandbox.kind === 'ready') return null;
  const line = commandIn(sandbox.next);
  return (
    <section aria-labelledby="no-sandbox" className="rounded-xl border border-warn-solid/50 bg-surface p-5 shadow-card">
      <div className="flex gap-3">
        <ShieldAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-warn" />
        <div className="min-w-0 flex-1">
          <h2 id="no-sandbox" className="font-semibold">
            This machine has no sandbox yet
          </h2>
          <p className="mt-1 text-ink-soft [overflow-wrap:anywhere]">
            {sandbox.reason} Runs are refused until then; everything else works.
          </p>
          {line !== sandbox.next && <p className="mt-1 [overflow-wrap:anywhere]">{textBefore(sandbox.next, line)}</p>}
          <CopyLine className="mt-3" line={line} label="Copy the line that mends it" />
        </div>
      </div>
    </section>
  );
}

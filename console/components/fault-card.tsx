// Something went wrong: what, why, what next, and the code to search for. Never a bare "error".

import { CircleAlert, RotateCw } from 'lucide-react';
import type { Fault } from 'kernel/basics';

import { Button } from './button.tsx';

export interface FaultCardFace {
  readonly fault: Pick<Fault, 'code' | 'what' | 'why' | 'next'>;
  readonly again?: () => void;
}

export function FaultCard({ fault, again }: FaultCardFace) {
  return (
    <div role="alert" className="rounded-xl border border-bad-solid/40 bg-surface p-5 shadow-card">
      <div className="flex gap-3">
        <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-bad" />
        <div className="min-w-0 space-y-1 [overflow-wrap:anywhere]">
          <p className="font-semibold">{fault.what}</p>
          <Why text={fault.why} />
          <p>
            <span className="font-medium">What next: </span>
            {fault.next}
          </p>
          <p className="pt-1 font-mono text-xs text-ink-faint">{fault.code}</p>
        </div>
      </div>
      {again !== undefined && (
        <div className="mt-4 pl-8">
          <Button size="small" onClick={again}>
            <RotateCw aria-hidden /> Try again
          </Button>
        </div>
      )}
    </div>
  );
}

/** A reason of several lines points at something with its columns: they are kept. */
function Why({ text }: { readonly text: string }) {
  if (!text.includes('\n')) return <p className="text-ink-soft">{text}</p>;
  return (
    <pre
      tabIndex={0}
      className="overflow-x-auto whitespace-pre rounded-lg bg-sunken px-3 py-2 font-mono text-xs leading-5 text-ink-soft"
    >
      {text.trimEnd()}
    </pre>
  );
}

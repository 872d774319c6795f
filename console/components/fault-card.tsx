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
          <p className="text-ink-soft">{fault.why}</p>
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

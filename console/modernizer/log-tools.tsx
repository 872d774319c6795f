import { ArrowDown, ArrowUp, Search } from 'lucide-react';

import { Button } from '../components/button.tsx';
import { CopyButton } from '../components/copy-line.tsx';
import { Toggle } from '../components/toggle.tsx';
import { matchesText } from './log-state.ts';

interface LogToolsFace {
  readonly text: string;
  readonly wanted: string;
  /** The match the person looks at, from 0. */
  readonly current: number;
  readonly matches: number;
  readonly follow: boolean;
  readonly onWanted: (wanted: string) => void;
  readonly onStep: (by: 1 | -1) => void;
  readonly onFollow: (follow: boolean) => void;
}

export function LogTools({ text, wanted, current, matches, follow, onWanted, onStep, onFollow }: LogToolsFace) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b px-5 py-2.5">
      <label className="relative min-w-40 flex-1">
        <span className="sr-only">Search in the log</span>
        <Search aria-hidden className="absolute left-2.5 top-2 size-4 text-ink-faint" />
        <input
          type="search"
          value={wanted}
          placeholder="Search"
          onKeyDown={(event) => event.key === 'Enter' && onStep(event.shiftKey ? -1 : 1)}
          onChange={(event) => onWanted(event.target.value)}
          className="h-8 w-full rounded-lg border border-control bg-surface pl-8 pr-3 text-sm placeholder:text-ink-faint"
        />
      </label>
      {wanted !== '' && (
        <span className="flex items-center gap-1">
          <span role="status" className="numeric text-xs text-ink-soft">
            {matchesText(current, matches)}
          </span>
          <Button look="quiet" size="icon" className="size-8" aria-label="Match before" onClick={() => onStep(-1)}>
            <ArrowUp aria-hidden />
          </Button>
          <Button look="quiet" size="icon" className="size-8" aria-label="Next match" onClick={() => onStep(1)}>
            <ArrowDown aria-hidden />
          </Button>
        </span>
      )}
      <Toggle label="Follow" on={follow} onChange={onFollow} />
      <CopyButton text={text} label="Copy the log" />
    </div>
  );
}

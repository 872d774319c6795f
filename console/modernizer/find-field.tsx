// A field in which one searches a list. Enter goes to the first of its rows.

import { Search } from 'lucide-react';
import { useId } from 'react';

import { moveRow } from '../shell/shortcuts.ts';

interface FindFace {
  readonly label: string;
  readonly placeholder: string;
  readonly find: string;
  readonly onFind: (text: string) => void;
}

export function FindField({ label, placeholder, find, onFind }: FindFace) {
  const id = useId();
  return (
    <span className="relative min-w-0">
      <label htmlFor={id} className="sr-only">
        {label}
      </label>
      <Search aria-hidden className="absolute left-2.5 top-2 size-4 text-ink-faint" />
      <input
        id={id}
        type="search"
        value={find}
        placeholder={placeholder}
        onChange={(event) => onFind(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.currentTarget.blur();
          moveRow(document, 1);
        }}
        className="h-8 w-44 max-w-full rounded-lg border border-control bg-surface pl-8 pr-2 text-sm placeholder:text-ink-faint"
      />
    </span>
  );
}

// One choice out of many, as the browser's own list: it can be typed into, and a phone shows it large.

import { ChevronDown } from 'lucide-react';
import { useId } from 'react';

import { classes } from './classes.ts';

interface Option {
  readonly value: string;
  readonly label: string;
}

interface SelectFieldFace {
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  readonly onChange: (value: string) => void;
  /** Shown beside it, instead of only heard. */
  readonly labelShown?: boolean;
  readonly className?: string;
}

export function SelectField({ label, value, options, onChange, labelShown, className }: SelectFieldFace) {
  const id = useId();
  return (
    <span className={classes('inline-flex min-w-0 items-center gap-2', className)}>
      <label htmlFor={id} className={labelShown === true ? 'text-sm text-ink-soft' : 'sr-only'}>
        {label}
      </label>
      <span className="relative min-w-0 flex-1">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className="h-9 w-full max-w-full appearance-none truncate rounded-lg border border-control bg-surface pl-3 pr-8 text-sm"
        >
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute right-2.5 top-2.5 size-4 text-ink-faint" />
      </span>
    </span>
  );
}

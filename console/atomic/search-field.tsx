// A field that searches while somebody types, a moment after the last letter.

import { Search } from 'lucide-react';
import { useEffect, useEffectEvent, useState, type ComponentType } from 'react';

import { classes } from '../components/classes.ts';

const PAUSE_MS = 300;

interface SearchFieldFace {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly onSearch: (text: string) => void;
  readonly icon?: ComponentType<{ readonly className?: string; readonly 'aria-hidden': true }>;
  readonly mono?: boolean;
  readonly className?: string;
}

export function SearchField({
  label,
  value,
  placeholder,
  onSearch,
  icon: Icon = Search,
  mono,
  className,
}: SearchFieldFace) {
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  // The address changed by itself (back, a link): the field says what it says now.
  if (known !== value) {
    setKnown(value);
    setText(value);
  }
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => search(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <label className={classes('relative block min-w-0', className)}>
      <span className="sr-only">{label}</span>
      <Icon aria-hidden className="absolute left-2.5 top-2.5 size-4 text-ink-faint" />
      <input
        type="search"
        value={text}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && onSearch(text)}
        className={classes(
          'h-9 w-full rounded-lg border border-control bg-surface pl-8 pr-3 text-sm placeholder:text-ink-faint',
          mono === true && 'font-mono',
        )}
      />
    </label>
  );
}

// Which attempts the report, the ledger and its file are about.

import { FilterX } from 'lucide-react';
import { useId } from 'react';

import { Button } from '../components/button.tsx';
import { isFiltered } from './costs-state.ts';
import type { CostsSearch } from './search.ts';

interface LineFiltersFace {
  readonly search: CostsSearch;
  readonly isOwner: boolean;
  readonly onChange: (news: CostsSearch) => void;
  readonly onClear: () => void;
}

const TEXTS = [
  { key: 'product', label: 'Product' },
  { key: 'provider', label: 'Provider' },
  { key: 'model', label: 'Model' },
  { key: 'run', label: 'Run' },
  { key: 'key', label: 'Gateway key' },
  { key: 'person', label: 'Person' },
] as const;
const DAYS = [
  { key: 'from', label: 'From' },
  { key: 'until', label: 'Until, not included' },
] as const;

export function LineFilters({ search, isOwner, onChange, onClear }: LineFiltersFace) {
  return (
    <section aria-labelledby="which-lines">
      <div className="mb-2 flex min-h-9 items-center gap-3">
        <h2 id="which-lines" className="text-lg font-semibold">
          Which attempts
        </h2>
        {isFiltered(search) && (
          <Button look="quiet" size="small" onClick={onClear}>
            <FilterX aria-hidden /> Clear the filter
          </Button>
        )}
      </div>
      <div className="grid grid-cols-2 gap-2 md:grid-cols-4">
        {DAYS.map(({ key, label }) => (
          <FilterField
            key={key}
            type="date"
            label={label}
            value={search[key] ?? ''}
            onText={(text) => onChange({ [key]: text })}
          />
        ))}
        {TEXTS.filter(({ key }) => isOwner || key !== 'person').map(({ key, label }) => (
          <FilterField
            key={`${key} ${search[key] ?? ''}`}
            type="search"
            label={label}
            value={search[key] ?? ''}
            onText={(text) => onChange({ [key]: text })}
          />
        ))}
      </div>
    </section>
  );
}

interface FilterFieldFace {
  readonly type: 'date' | 'search';
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
}

/** A day counts at once, a text when it is left or Enter is pressed. */
function FilterField({ type, label, value, onText }: FilterFieldFace) {
  const id = useId();
  const take = (text: string): void => {
    if (text.trim() !== value) onText(text.trim());
  };
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="block text-xs text-ink-soft">
        {label}
      </label>
      <input
        id={id}
        type={type}
        defaultValue={value}
        spellCheck={false}
        onChange={(event) => type === 'date' && take(event.target.value)}
        onBlur={(event) => take(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && take(event.currentTarget.value)}
        className="mt-0.5 h-9 w-full min-w-0 rounded-lg border border-control bg-surface px-2.5 text-sm"
      />
    </div>
  );
}

// Which patches are wanted: by class, model, author, words, or an expression.

import { SquareFunction, UserRound } from 'lucide-react';
import type { RepositoryDetail } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Segmented } from '../components/segmented.tsx';
import { classSegments, isFiltered, modelOptions, parseClass, type ClassFilter } from './history-state.ts';
import type { HistorySearch } from './search.ts';
import { SearchField } from './search-field.tsx';
import { SelectField } from '../components/select-field.tsx';

type Filters = { [Key in keyof HistorySearch]: string };

interface HistoryFiltersFace {
  readonly detail: Pick<RepositoryDetail, 'counts' | 'models'>;
  readonly search: HistorySearch;
  readonly onChange: (news: Partial<Filters>) => void;
  readonly onClear: () => void;
}

export function HistoryFilters({ detail, search, onChange, onClear }: HistoryFiltersFace) {
  return (
    <section aria-label="Filter" className="mb-4 space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented<ClassFilter>
          label="Written by"
          value={parseClass(search.actor)}
          onChange={(actor) => onChange({ actor: actor === 'all' ? '' : actor })}
          segments={classSegments(detail)}
        />
        {detail.models.length > 0 && (
          <SelectField
            label="Model"
            value={search.model ?? ''}
            onChange={(model) => onChange({ model })}
            options={modelOptions(detail)}
            className="max-w-64"
          />
        )}
        {isFiltered(search) && (
          <Button look="quiet" size="small" onClick={onClear}>
            Clear the filter
          </Button>
        )}
      </div>
      <div className="grid grid-cols-2 gap-2 lg:grid-cols-[1fr_1fr_1.4fr]">
        <SearchField
          label="Words of the message, or the beginning of a hash"
          placeholder="Message or hash"
          value={search.text ?? ''}
          onSearch={(text) => onChange({ text })}
        />
        <SearchField
          label="Author"
          placeholder="Author"
          icon={UserRound}
          value={search.author ?? ''}
          onSearch={(author) => onChange({ author })}
        />
        <SearchField
          label="Expression, as for atomic log --where"
          placeholder="ai.model=claude-* and file=src/**"
          icon={SquareFunction}
          mono
          value={search.expr ?? ''}
          onSearch={(expr) => onChange({ expr })}
          className="max-lg:col-span-2"
        />
      </div>
    </section>
  );
}

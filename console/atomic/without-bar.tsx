// What if: the files as they would be without a model, a person, or whatever an expression chooses. Nothing is changed.

import { Eye, SquareFunction } from 'lucide-react';
import type { RepositoryDetail, Tree } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { SearchField } from './search-field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { modelWord, patchesText, quoted } from './words.ts';

interface WithoutBarFace {
  readonly detail: Pick<RepositoryDetail, 'models'>;
  readonly without: string | undefined;
  readonly leftOut: Tree['leftOut'] | undefined;
  readonly onChange: (without: string) => void;
}

export const withoutModel = (model: string): string => `ai.model=${quoted(model)}`;

export function WithoutBar({ detail, without, leftOut, onChange }: WithoutBarFace) {
  const choices = [
    { value: '', label: 'As it is' },
    { value: 'actor=ai or actor=mixed', label: 'Without any AI' },
    { value: 'actor=untracked', label: 'Without what is untracked' },
    ...detail.models.map(({ model }) => ({ value: withoutModel(model), label: `Without ${modelWord(model)}` })),
  ];
  const isKnown = choices.some(({ value }) => value === (without ?? ''));
  const options = isKnown ? choices : [...choices, { value: without ?? '', label: 'Without what the expression says' }];
  return (
    <section aria-label="What if" className="mb-4 space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <SelectField label="Show the files" labelShown value={without ?? ''} onChange={onChange} options={options} />
        <SearchField
          label="Without the patches that this expression chooses"
          placeholder="Without: author=ada and file=lib/**"
          icon={SquareFunction}
          mono
          value={without ?? ''}
          onSearch={onChange}
          className="min-w-56 flex-1"
        />
      </div>
      {without !== undefined && (
        <div
          className="flex flex-wrap items-center gap-3 rounded-lg bg-info-soft px-3 py-2 text-sm text-info"
          role="status"
        >
          <Eye aria-hidden className="size-4 shrink-0" />
          <p className="min-w-0 flex-1">{leftOutText(leftOut ?? null)} Nothing is changed.</p>
          <Button size="small" onClick={() => onChange('')}>
            As it is
          </Button>
        </div>
      )}
    </section>
  );
}

export function leftOutText(leftOut: Tree['leftOut']): string {
  if (leftOut === null) return 'Working out how it would be.';
  const { chosen, dependents } = leftOut;
  if (chosen === 0) return 'No patch is like that, so this is as it is.';
  const along = dependents === 0 ? '' : `, and without ${patchesText(dependents)} that would leave with them`;
  return `You see the files as they would be without ${patchesText(chosen)}${along}.`;
}

// Many at once: all by one model, or all that the expression of the filter chooses.

import type { Direction, RepositoryDetail } from 'atomic/protocol';
import { useState } from 'react';

import { Button } from '../components/button.tsx';
import { SelectField } from '../components/select-field.tsx';
import { withoutModel } from './without-bar.tsx';
import { modelWord } from './words.ts';

interface TakeAllFace {
  readonly models: RepositoryDetail['models'];
  readonly expr: string | undefined;
  readonly direction: Direction;
  readonly onPlan: (expr: string) => void;
}

const BY_AI = 'actor=ai or actor=mixed';

export function TakeAll({ models, expr, direction, onPlan }: TakeAllFace) {
  const [wanted, setWanted] = useState('');
  const options = [
    { value: '', label: 'All by …' },
    { value: BY_AI, label: 'All by any AI' },
    ...models.map(({ model }) => ({ value: withoutModel(model), label: `All by ${modelWord(model)}` })),
    ...(expr === undefined ? [] : [{ value: expr, label: 'All that the expression chooses' }]),
  ];
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-2">
      <SelectField label="Many at once" value={wanted} onChange={setWanted} options={options} className="max-w-64" />
      <Button disabled={wanted === ''} onClick={() => onPlan(wanted)}>
        {direction === 'take' ? 'Take them…' : 'Leave them…'}
      </Button>
    </div>
  );
}

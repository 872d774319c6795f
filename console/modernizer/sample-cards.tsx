import { useQuery } from '@tanstack/react-query';

import { ChoiceCards } from '../components/choice-cards.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { samplesQuery } from '../requests/queries.ts';

interface SampleCardsFace {
  readonly value: string;
  readonly onChange: (spec: string) => void;
}

/** Old projects from the registry, with what to expect of each and how long it takes. */
export function SampleCards({ value, onChange }: SampleCardsFace) {
  const samples = useQuery(samplesQuery);
  return (
    <Screen face={faceOf(samples)} loading="Loading the samples">
      {({ samples: offered }) => (
        <ChoiceCards
          label="Sample"
          value={value}
          onChange={onChange}
          className="sm:grid-cols-2"
          choices={offered.map((sample) => ({
            id: sample.spec,
            label: sample.title,
            detail: sample.expect,
            mark: (
              <span className="numeric text-xs text-ink-soft">
                <code className="font-mono">{sample.spec}</code>, about {sample.minutes} min
              </span>
            ),
          }))}
        />
      )}
    </Screen>
  );
}

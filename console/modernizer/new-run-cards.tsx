// The two halves of the form of a new run: which project, and how.

import { Card } from '../components/card.tsx';
import { ChoiceCards } from '../components/choice-cards.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { Segmented } from '../components/segmented.tsx';
import { Toggle } from '../components/toggle.tsx';
import { ENGINE_CHOICES, type FieldProblem, type NewRunField, type NewRunForm } from './new-run-state.ts';
import { SampleCards } from './sample-cards.tsx';

interface PartFace {
  readonly form: NewRunForm;
  readonly change: (news: Partial<NewRunForm>) => void;
}

export function ProjectCard({ form, change, problem }: PartFace & { readonly problem: FieldProblem | undefined }) {
  return (
    <Card
      title="Project"
      aside={
        <Segmented<NewRunForm['from']>
          label="Where the project comes from"
          value={form.from}
          onChange={(from) => change({ from })}
          segments={[
            { value: 'path', label: 'A folder here' },
            { value: 'sample', label: 'A sample' },
          ]}
        />
      }
    >
      {form.from === 'path' ? (
        <Field
          label="Path of the project"
          detail="A folder with a package.json, on the machine Tandem runs on."
          placeholder="/home/you/projects/shop"
          value={form.path}
          onText={(path) => change({ path })}
          problem={problem}
        />
      ) : (
        <>
          <SampleCards value={form.sample} onChange={(sample) => change({ sample })} />
          {problem !== undefined && <ProblemText problem={problem} />}
        </>
      )}
    </Card>
  );
}

interface OptionsFace extends PartFace {
  readonly at: (field: NewRunField) => FieldProblem | undefined;
}

export function OptionsCard({ form, change, at }: OptionsFace) {
  return (
    <Card title="How">
      <div className="space-y-6">
        <div className="grid gap-6 sm:grid-cols-2">
          <Field
            label="Command that tests it"
            detail="Empty: its own npm test."
            placeholder="npm test"
            value={form.tests}
            onText={(tests) => change({ tests })}
            problem={at('tests')}
          />
          <Field
            label="Command that starts it"
            detail="Empty: its start script, if it has one."
            placeholder="npm start"
            value={form.start}
            onText={(start) => change({ start })}
            problem={at('start')}
          />
        </div>
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">Which Node releases it has to run on</legend>
          <ChoiceCards
            label="Which Node releases it has to run on"
            value={form.engines}
            choices={ENGINE_CHOICES}
            onChange={(id) =>
              change({ engines: ENGINE_CHOICES.find((choice) => choice.id === id)?.id ?? form.engines })
            }
          />
        </fieldset>
        <div className="grid items-start gap-6 sm:grid-cols-2">
          <Field
            label="Time limit in minutes"
            detail="The run ends by then with what it has."
            inputMode="numeric"
            value={form.maxMinutes}
            onText={(maxMinutes) => change({ maxMinutes })}
            problem={at('maxMinutes')}
          />
          <Toggle
            label="Take uncommitted changes along"
            detail="Otherwise a folder with uncommitted changes is refused."
            on={form.includeUncommitted}
            onChange={(includeUncommitted) => change({ includeUncommitted })}
          />
        </div>
      </div>
    </Card>
  );
}

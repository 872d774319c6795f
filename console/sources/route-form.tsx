import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { toFault } from 'kernel/basics';
import type { RouteShape, Sources } from 'tandem/protocol';

import { Button } from '../components/button.tsx';
import { Field, ProblemText } from '../components/field.tsx';
import { SelectField } from '../components/select-field.tsx';
import { TextArea } from '../components/text-area.tsx';
import { moved, optionsIn, optionsText, POLICIES } from './sources-state.ts';

interface RouteFormFace {
  readonly before?: RouteShape;
  readonly models: Sources['models'];
  readonly fault: unknown;
  readonly isSaving: boolean;
  readonly onSave: (route: RouteShape) => void;
  readonly onCancel: () => void;
}

export function RouteForm({ before, models, fault, isSaving, onSave, onCancel }: RouteFormFace) {
  const [name, setName] = useState(before?.name ?? '');
  const [policy, setPolicy] = useState<RouteShape['policy']>(before?.policy ?? 'pinned');
  const [targets, setTargets] = useState<RouteShape['targets']>(before?.targets ?? []);
  const [options, setOptions] = useState(optionsText(before?.options));
  const [wrong, setWrong] = useState<string | null>(null);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const read = optionsIn(options);
    setWrong(read.kind === 'wrong' ? read.why : null);
    if (read.kind === 'wrong') return;
    const named = targets.filter(({ model }) => model.trim() !== '');
    onSave({ name: name.trim(), policy, targets: named, options: read.options });
  };
  return (
    <form onSubmit={submit} className="space-y-4 border-b bg-canvas px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label="Name"
          value={name}
          onText={setName}
          pattern="[a-z][a-z0-9\-]{0,40}"
          title="Small letters, digits and dashes"
          required
          readOnly={before !== undefined}
          className="w-48"
        />
        <SelectField
          label="Which one answers"
          labelShown
          value={policy}
          options={POLICIES}
          onChange={(value) => setPolicy(POLICIES.find((each) => each.value === value)?.value ?? 'pinned')}
        />
      </div>
      <Targets targets={targets} models={models} isWeighted={policy === 'weighted'} onChange={setTargets} />
      <div>
        <TextArea
          label="Options for providers, as JSON"
          detail="By provider. Each is checked before it is saved."
          placeholder='{ "gemini": { "safetySettings": [ { "category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_ONLY_HIGH" } ] } }'
          value={options}
          rows={4}
          spellCheck={false}
          onText={setOptions}
          className="font-mono text-xs"
        />
        {wrong !== null && (
          <ProblemText
            problem={{ what: 'These options cannot be read.', why: wrong, next: 'Mend them, or leave them empty.' }}
          />
        )}
      </div>
      {fault !== null && <ProblemText problem={toFault(fault, 'Saving the route')} />}
      <div className="flex gap-2">
        <Button type="submit" look="primary" disabled={isSaving}>
          Save
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

interface TargetsFace {
  readonly targets: RouteShape['targets'];
  readonly models: Sources['models'];
  readonly isWeighted: boolean;
  readonly onChange: (targets: RouteShape['targets']) => void;
}

function Targets({ targets, models, isWeighted, onChange }: TargetsFace) {
  const known = useId();
  return (
    <fieldset>
      <legend className="text-sm font-medium">Models</legend>
      <p className="text-sm text-ink-soft">None means every model that is set up.</p>
      <datalist id={known}>
        {models
          .filter(({ kind }) => kind === 'model')
          .map(({ id }) => (
            <option key={id} value={id} />
          ))}
      </datalist>
      <ol className="mt-2 space-y-2">
        {targets.map((target, index) => (
          <li key={index} className="flex flex-wrap items-center gap-1.5">
            <TargetFields
              target={target}
              place={index + 1}
              isLast={index === targets.length - 1}
              known={known}
              isWeighted={isWeighted}
              onChange={(news) => onChange(targets.map((each, at) => (at === index ? { ...each, ...news } : each)))}
              onMove={(by) => onChange([...moved(targets, index, by)])}
              onRemove={() => onChange(targets.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ol>
      <Button
        look="quiet"
        size="small"
        className="mt-2"
        onClick={() => onChange([...targets, { model: '', weight: 1 }])}
      >
        <Plus aria-hidden /> Add a model
      </Button>
    </fieldset>
  );
}

interface TargetFieldsFace {
  readonly target: RouteShape['targets'][number];
  readonly place: number;
  readonly isLast: boolean;
  /** The list of models that are known. */
  readonly known: string;
  readonly isWeighted: boolean;
  readonly onChange: (news: Partial<RouteShape['targets'][number]>) => void;
  readonly onMove: (by: 1 | -1) => void;
  readonly onRemove: () => void;
}

function TargetFields({ target, place, isLast, known, isWeighted, onChange, onMove, onRemove }: TargetFieldsFace) {
  const buttons = [
    { icon: ArrowUp, label: `Model ${place} further up`, isOff: place === 1, act: () => onMove(-1) },
    { icon: ArrowDown, label: `Model ${place} further down`, isOff: isLast, act: () => onMove(1) },
    { icon: X, label: `Leave out model ${place}`, isOff: false, act: onRemove },
  ];
  return (
    <>
      <input
        value={target.model}
        list={known}
        aria-label={`Model ${place}`}
        placeholder="provider/model"
        spellCheck={false}
        onChange={(event) => onChange({ model: event.target.value })}
        className="h-9 w-72 max-w-full rounded-lg border border-control bg-surface px-3 font-mono text-sm placeholder:text-ink-faint"
      />
      {isWeighted && (
        <input
          type="number"
          min={0}
          max={1000}
          value={target.weight}
          aria-label={`Weight of model ${place}`}
          onChange={(event) => onChange({ weight: Number(event.target.value) })}
          className="numeric h-9 w-20 rounded-lg border border-control bg-surface px-2 text-sm"
        />
      )}
      {buttons.map(({ icon: Icon, label, isOff, act }) => (
        <Button
          key={label}
          look="quiet"
          size="icon"
          className="size-8"
          aria-label={label}
          disabled={isOff}
          onClick={act}
        >
          <Icon aria-hidden />
        </Button>
      ))}
    </>
  );
}

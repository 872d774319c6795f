// One of a few things that a person made, or none: radio buttons, each with its way out.

import { Trash2 } from 'lucide-react';
import { RadioGroup } from 'radix-ui';

interface Pickable {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly mark?: string;
}

interface PickListFace {
  readonly label: string;
  readonly none: string;
  readonly things: readonly Pickable[];
  readonly picked: string | null;
  readonly onPick: (id: string | null) => void;
  readonly onRemove: (thing: Pickable) => void;
}

const NONE = 'none';

export function PickList({ label, none, things, picked, onPick, onRemove }: PickListFace) {
  return (
    <RadioGroup.Root
      value={picked ?? NONE}
      aria-label={label}
      onValueChange={(id) => onPick(id === NONE ? null : id)}
      className="space-y-1"
    >
      {[{ id: NONE, name: none, description: '' }, ...things].map((thing) => (
        <div key={thing.id} className="group/pick relative flex items-center">
          <RadioGroup.Item
            value={thing.id}
            aria-label={thing.name}
            className="group flex min-w-0 flex-1 items-center gap-2.5 rounded-lg px-2 py-1.5 text-left hover:bg-sunken data-[state=checked]:bg-accent-soft"
          >
            <span
              aria-hidden
              className="grid size-4 shrink-0 place-items-center rounded-full border border-control bg-surface group-data-[state=checked]:border-accent group-data-[state=checked]:bg-accent"
            >
              <span className="size-1.5 rounded-full bg-accent-ink opacity-0 group-data-[state=checked]:opacity-100" />
            </span>
            <span className="min-w-0 flex-1 pr-6">
              <span className="block truncate text-sm font-medium">
                {'mark' in thing && thing.mark !== undefined && thing.mark !== '' ? `${thing.mark} ` : ''}
                {thing.name}
              </span>
              {thing.description !== '' && (
                <span className="block truncate text-xs text-ink-soft">{thing.description}</span>
              )}
            </span>
          </RadioGroup.Item>
          {thing.id !== NONE && (
            <button
              type="button"
              aria-label={`Remove ${thing.name}`}
              onClick={() => onRemove(thing)}
              className="absolute right-1 grid size-7 place-items-center rounded-md text-ink-faint hover:text-bad"
            >
              <Trash2 aria-hidden className="size-3.5" />
            </button>
          )}
        </div>
      ))}
    </RadioGroup.Root>
  );
}

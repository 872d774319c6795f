// One choice out of a few that each need a sentence: radio buttons drawn as cards.

import { RadioGroup } from 'radix-ui';
import { useId, type ReactNode } from 'react';

import { classes } from './classes.ts';

interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly mark?: ReactNode;
}

interface ChoiceCardsFace {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (id: string) => void;
  readonly className?: string;
  readonly disabled?: boolean;
}

export function ChoiceCards({ label, value, choices, onChange, className, disabled = false }: ChoiceCardsFace) {
  const group = useId();
  return (
    <RadioGroup.Root
      value={value}
      onValueChange={onChange}
      aria-label={label}
      disabled={disabled}
      className={classes('grid gap-2', className)}
    >
      {choices.map((choice) => (
        <RadioGroup.Item
          key={choice.id}
          value={choice.id}
          aria-labelledby={`${group}-${choice.id}-label`}
          aria-describedby={`${group}-${choice.id}-detail`}
          className="group flex items-start gap-3 rounded-lg border border-line-strong bg-surface p-3 text-left transition-colors hover:bg-sunken data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span
            aria-hidden
            className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-control bg-surface group-data-[state=checked]:border-accent group-data-[state=checked]:bg-accent"
          >
            <span className="size-1.5 rounded-full bg-accent-ink opacity-0 group-data-[state=checked]:opacity-100" />
          </span>
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <span className="flex flex-wrap items-center gap-2">
              <span id={`${group}-${choice.id}-label`} className="font-medium">
                {choice.label}
              </span>
              {choice.mark}
            </span>
            <span id={`${group}-${choice.id}-detail`} className="block text-sm text-ink-soft">
              {choice.detail}
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

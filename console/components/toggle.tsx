import { Switch } from 'radix-ui';
import { useId } from 'react';

interface ToggleFace {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly detail?: string;
}

/** On or off, with its name beside it. */
export function Toggle({ label, on, onChange, detail }: ToggleFace) {
  const id = useId();
  return (
    <span className="flex items-start gap-2.5">
      <Switch.Root
        id={id}
        checked={on}
        onCheckedChange={onChange}
        aria-describedby={detail === undefined ? undefined : `${id}-detail`}
        className="mt-0.5 h-5 w-9 shrink-0 rounded-full bg-control p-0.5 transition-colors data-[state=checked]:bg-accent"
      >
        <Switch.Thumb className="block size-4 rounded-full bg-white shadow transition-transform data-[state=checked]:translate-x-4" />
      </Switch.Root>
      <span className="min-w-0">
        <label htmlFor={id} className="block cursor-pointer text-sm font-medium leading-6">
          {label}
        </label>
        {detail !== undefined && (
          <span id={`${id}-detail`} className="block text-sm text-ink-soft">
            {detail}
          </span>
        )}
      </span>
    </span>
  );
}

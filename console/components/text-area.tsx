import { useId, type ComponentProps } from 'react';

import { classes } from './classes.ts';

interface TextAreaFace extends Omit<ComponentProps<'textarea'>, 'onChange'> {
  readonly label: string;
  readonly detail?: string;
  readonly onText: (text: string) => void;
}

/** A text of several lines with its name. */
export function TextArea({ label, detail, onText, className, ...rest }: TextAreaFace) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id} className="block text-sm font-medium">
        {label}
      </label>
      {detail !== undefined && (
        <p id={`${id}-detail`} className="text-sm text-ink-soft">
          {detail}
        </p>
      )}
      <textarea
        id={id}
        aria-describedby={detail === undefined ? undefined : `${id}-detail`}
        onChange={(event) => onText(event.target.value)}
        className={classes(
          'mt-1.5 w-full rounded-lg border border-control bg-surface px-3 py-2 text-sm placeholder:text-ink-faint',
          className,
        )}
        {...rest}
      />
    </div>
  );
}

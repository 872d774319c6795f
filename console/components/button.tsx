import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';

import { classes } from './classes.ts';

export const buttonLook = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium transition-colors ' +
    'disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      look: {
        primary: 'bg-accent text-accent-ink shadow-card hover:bg-accent-hover',
        plain: 'border border-line-strong bg-surface text-ink shadow-card hover:bg-sunken',
        quiet: 'text-ink-soft hover:bg-sunken hover:text-ink',
        danger: 'border border-line-strong bg-surface text-bad shadow-card hover:bg-bad-soft',
      },
      size: { small: 'h-8 px-3 text-sm', normal: 'h-9 px-4 text-sm', icon: 'size-9' },
    },
    defaultVariants: { look: 'plain', size: 'normal' },
  },
);

export type ButtonLook = VariantProps<typeof buttonLook>;

export function Button({ look, size, className, type = 'button', ...rest }: ComponentProps<'button'> & ButtonLook) {
  return <button type={type} className={classes(buttonLook({ look, size }), className)} {...rest} />;
}

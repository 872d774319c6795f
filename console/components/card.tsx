import type { LucideIcon } from 'lucide-react';
import { useId, type ReactNode } from 'react';

import { classes } from './classes.ts';

interface CardFace {
  readonly title: string;
  readonly icon?: LucideIcon;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
  readonly className?: string;
  readonly bare?: boolean;
  /** The ground of a card that wants something of the person, or tells how it ended. */
  readonly tone?: 'accent' | 'good' | 'bad' | 'warn';
}

const EDGE = {
  accent: 'border-accent-line ring-4 ring-accent-soft',
  good: 'border-good-solid/40',
  bad: 'border-bad-solid/40',
  warn: 'border-warn-solid/40',
} as const;

/** A titled section on a surface of its own. */
export function Card({ title, icon: Icon, aside, children, className, bare, tone }: CardFace) {
  const heading = useId();
  return (
    <section
      aria-labelledby={heading}
      className={classes(
        'min-w-0 rounded-xl border bg-surface shadow-card',
        tone !== undefined && EDGE[tone],
        className,
      )}
    >
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-2 border-b px-4 py-2 sm:px-5">
        <h2 id={heading} className="flex items-center gap-2 text-sm font-semibold">
          {Icon !== undefined && <Icon aria-hidden className="size-4 text-ink-faint" />}
          {title}
        </h2>
        {aside !== undefined && <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2">{aside}</div>}
      </header>
      {bare === true ? children : <div className="px-4 py-4 sm:px-5">{children}</div>}
    </section>
  );
}

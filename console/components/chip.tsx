// A state in one glance: an icon and a word, on a ground of its tone. The word is always there.

import type { LucideIcon } from 'lucide-react';

import { classes } from './classes.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'accent' | 'idle';

export interface Look {
  readonly tone: Tone;
  readonly icon: LucideIcon;
  readonly word: string;
  readonly moving?: boolean;
}

const GROUND: Readonly<Record<Tone, string>> = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
  accent: 'bg-accent-soft text-accent-text',
  idle: 'bg-sunken text-ink-soft',
};

export const TEXT: Readonly<Record<Tone, string>> = {
  good: 'text-good',
  warn: 'text-warn',
  bad: 'text-bad',
  info: 'text-info',
  accent: 'text-accent-text',
  idle: 'text-ink-faint',
};

export function Chip({ look, className }: { readonly look: Look; readonly className?: string }) {
  const Icon = look.icon;
  return (
    <span
      className={classes(
        'numeric inline-flex h-6 w-fit shrink-0 items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 text-xs font-medium',
        GROUND[look.tone],
        className,
      )}
    >
      <Icon aria-hidden className={classes('size-3.5 shrink-0', look.moving === true && 'animate-breathe')} />
      {look.word}
    </span>
  );
}

// The face of a character, a persona or a gift. The signs that the server knows are drawn, so that they look the same on
// every machine; any other is shown as it was written.

import { Bookmark, BookOpen, Compass, Lamp, MessageCircle, SearchCode, Telescope, type LucideIcon } from 'lucide-react';

import { classes } from '../components/classes.ts';

const DRAWN: Readonly<Record<string, LucideIcon>> = {
  '🧭': Compass,
  '🔎': SearchCode,
  '📖': BookOpen,
  '🔖': Bookmark,
  '🏮': Lamp,
  '🔭': Telescope,
  '💬': MessageCircle,
};

interface AvatarFace {
  readonly sign: string;
  readonly size?: 'small' | 'normal' | 'large';
}

const SIZES = {
  small: 'size-6 text-sm [&_svg]:size-3.5',
  normal: 'size-8 text-base [&_svg]:size-4',
  large: 'size-11 text-xl [&_svg]:size-5',
} as const;

export function Avatar({ sign, size = 'normal' }: AvatarFace) {
  const Icon = DRAWN[sign];
  return (
    <span
      aria-hidden
      className={classes(
        'grid shrink-0 place-items-center rounded-full bg-accent-soft leading-none text-accent-text',
        SIZES[size],
      )}
    >
      {Icon === undefined ? sign : <Icon />}
    </span>
  );
}

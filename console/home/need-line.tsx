import { CirclePause, CircleX, Cpu, GitBranch, MessageCircleQuestion, type LucideIcon } from 'lucide-react';
import type { Need } from 'tandem/protocol';

import { TEXT, type Tone } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { Moment } from '../components/moment.tsx';
import { PlainLink } from '../components/plain-link.tsx';

const LOOKS: Readonly<Record<Need['kind'], { readonly icon: LucideIcon; readonly tone: Tone; readonly word: string }>> =
  {
    decision: { icon: MessageCircleQuestion, tone: 'accent', word: 'Decision' },
    interrupted: { icon: CirclePause, tone: 'warn', word: 'Interrupted' },
    failed: { icon: CircleX, tone: 'bad', word: 'Failed' },
    result: { icon: GitBranch, tone: 'good', word: 'Result' },
    machine: { icon: Cpu, tone: 'warn', word: 'Machine' },
  };

/** One thing that needs the person. */
export function NeedLine({ need }: { readonly need: Need }) {
  const look = LOOKS[need.kind];
  const Icon = look.icon;
  return (
    <PlainLink
      href={need.href}
      className="flex gap-3 px-4 py-3.5 -outline-offset-2 transition-colors hover:bg-sunken sm:px-5"
    >
      <Icon aria-hidden className={classes('mt-0.5 size-[18px] shrink-0', TEXT[look.tone])} />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span className={classes('text-xs font-medium', TEXT[look.tone])}>{look.word}</span>
          {need.at !== null && (
            <span className="ml-auto text-xs text-ink-soft">
              <Moment at={need.at} />
            </span>
          )}
        </span>
        <span className="block font-medium [overflow-wrap:anywhere]">{need.title}</span>
        <span className="block text-sm text-ink-soft [overflow-wrap:anywhere]">{need.detail}</span>
      </span>
    </PlainLink>
  );
}

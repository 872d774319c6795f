// The parts of an upgrade that the matrix and the stack of cards share.

import { ArrowRight, ShieldAlert } from 'lucide-react';
import { changeWords, type ModernizationView, type TrialView, type UpgradeView } from 'modernizer/protocol';

import { classes } from '../components/classes.ts';
import { Prose } from '../components/prose.tsx';
import { causeInShort, siteText } from './api-state.ts';
import { warningsOf, warningsText } from './warnings-state.ts';

export interface UpgradeRows {
  readonly upgrades: readonly UpgradeView[];
  readonly trials: readonly TrialView[];
  readonly plan: ModernizationView['plan'];
  readonly opened: string | undefined;
  readonly onToggle: (name: string) => void;
  readonly onOpenTrial: (trial: string) => void;
}

/** From which version to which, and below it the ranges in the manifest. */
export function Versions({ upgrade }: { readonly upgrade: UpgradeView }) {
  return (
    <span className="block font-mono text-xs leading-5">
      <span className="flex flex-wrap items-center gap-1.5">
        <span className="text-ink-soft">{upgrade.from ?? 'not installed'}</span>
        <ArrowRight role="img" aria-label="to" className="size-3 text-ink-faint" />
        <span className="font-semibold">{upgrade.to}</span>
      </span>
      <span className="flex flex-wrap items-center gap-1.5 text-ink-faint">
        <span>{upgrade.fromRange}</span>
        <ArrowRight role="img" aria-label="to" className="size-3" />
        <span>{upgrade.toRange}</span>
      </span>
      {upgrade.insteadOf !== null && (
        <span className="block font-sans text-ink-soft">instead of {upgrade.insteadOf.to}</span>
      )}
    </span>
  );
}

/** What the registry says against its versions, in a few words; nothing where it says nothing. */
export function WarningLine({ upgrade, plan }: Pick<UpgradeRows, 'plan'> & { readonly upgrade: UpgradeView }) {
  const { left, stays } = warningsOf(upgrade, plan);
  const text = warningsText({ left, stays });
  if (text === null) return null;
  return (
    <span className={classes('flex items-center gap-1 text-xs', stays.length > 0 ? 'text-warn' : 'text-good')}>
      <ShieldAlert aria-hidden className="size-3.5 shrink-0" /> {text}
    </span>
  );
}

/** The symbol and the place where they are known, else the cause in as many lines as fit. All of it with the focus. */
export function CauseLine({ upgrade, id }: { readonly upgrade: UpgradeView; readonly id?: string }) {
  const { cause } = upgrade;
  if (cause === null) return null;
  const short = causeInShort(upgrade);
  const place = short?.sites[0] === undefined ? upgrade.where[0] : siteText(short.sites[0]);
  return (
    <span className="block">
      {short !== null && (
        <span className="block text-sm [overflow-wrap:anywhere]">
          <code className="font-mono text-xs font-semibold">{short.symbol}</code> {changeWords(short)}
        </span>
      )}
      <span
        id={id}
        className={
          short === null
            ? 'line-clamp-2 text-sm [overflow-wrap:anywhere] group-focus-within:line-clamp-none'
            : 'sr-only text-sm [overflow-wrap:anywhere] group-focus-within:not-sr-only'
        }
      >
        <Prose text={cause} />
      </span>
      {place !== undefined && <span className="block truncate font-mono text-xs text-ink-soft">{place}</span>}
    </span>
  );
}

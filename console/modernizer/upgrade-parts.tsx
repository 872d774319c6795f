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

/** The symbol and the place where they are known, else the cause in as many lines as fit. */
export function CauseLine({ upgrade }: { readonly upgrade: UpgradeView }) {
  const { cause } = upgrade;
  if (cause === null) return null;
  const short = causeInShort(upgrade);
  const place = short?.sites[0] === undefined ? upgrade.where[0] : siteText(short.sites[0]);
  return (
    <span className="block">
      <span className="line-clamp-2 text-sm [overflow-wrap:anywhere]">
        {short === null ? (
          <Prose text={cause} />
        ) : (
          <>
            <code className="font-mono text-xs font-semibold">{short.symbol}</code> {changeWords(short)}
          </>
        )}
      </span>
      {place !== undefined && <span className="block truncate font-mono text-xs text-ink-soft">{place}</span>}
    </span>
  );
}

/**
 * The whole cause over the rows below, while its row has the focus of the keyboard or the mouse rests on it. It takes no
 * room and no clicks: what moved under the hand of somebody who clicks would be clicked instead.
 */
export function WholeCause({ id, cause }: { readonly id: string; readonly cause: string }) {
  return (
    <span
      id={id}
      role="note"
      className="pointer-events-none invisible absolute right-4 top-full z-10 -mt-1 block w-[min(480px,60vw)] rounded-lg border bg-surface px-3.5 py-2.5 text-sm opacity-0 shadow-raised transition-opacity [overflow-wrap:anywhere] group-hover:visible group-hover:opacity-100 group-hover:delay-500 group-has-[:focus-visible]:visible group-has-[:focus-visible]:opacity-100"
    >
      <Prose text={cause} />
    </span>
  );
}

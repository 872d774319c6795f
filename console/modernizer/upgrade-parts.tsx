// The parts of an upgrade that the table and the stack of cards share.

import { ArrowRight } from 'lucide-react';
import type { UpgradeView } from 'modernizer/protocol';

import { Prose } from '../components/prose.tsx';

export interface UpgradeRows {
  readonly upgrades: readonly UpgradeView[];
  readonly opened: ReadonlySet<string>;
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
    </span>
  );
}

/** The cause in as many lines as fit; the whole of it is in the detail. */
export function CauseLine({ upgrade }: { readonly upgrade: UpgradeView }) {
  if (upgrade.cause === null) return null;
  return (
    <span className="block">
      <span className="line-clamp-2 text-sm [overflow-wrap:anywhere]">
        <Prose text={upgrade.cause} />
      </span>
      {upgrade.where[0] !== undefined && (
        <span className="block truncate font-mono text-xs text-ink-soft">{upgrade.where[0]}</span>
      )}
    </span>
  );
}

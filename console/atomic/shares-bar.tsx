// A bar of who wrote how much, with its legend in words.

import { ACTOR_CLASSES, type Shares } from 'atomic/protocol';

import { classes } from '../components/classes.ts';
import { CLASS_FILL, CLASS_WORDS } from './looks.ts';
import { percentText, sumOf } from './words.ts';

interface SharesBarFace {
  readonly shares: Shares;
  /** What is counted: `bytes` or `patches`. */
  readonly unit: string;
  readonly className?: string;
  /** Without the legend: for cards where the words stand beside it. */
  readonly bare?: boolean;
}

export function SharesBar({ shares, unit, className, bare }: SharesBarFace) {
  const all = sumOf(shares);
  const parts = ACTOR_CLASSES.map((actor) => ({
    actor,
    count: shares[actor],
    share: all === 0 ? 0 : shares[actor] / all,
  }));
  const said = parts.map(({ actor, share }) => `${CLASS_WORDS[actor].word} ${percentText(share)}`).join(', ');
  return (
    <div className={className}>
      <div
        role="img"
        aria-label={`Share of ${unit}: ${said}.`}
        className="flex h-3 gap-0.5 overflow-hidden rounded-full bg-line"
      >
        {parts
          .filter(({ count }) => count > 0)
          .map(({ actor, share }) => (
            <span key={actor} className={classes('min-w-1', CLASS_FILL[actor])} style={{ width: `${share * 100}%` }} />
          ))}
      </div>
      {bare !== true && (
        <ul aria-label={`Share of ${unit}`} className="mt-2.5 flex flex-wrap gap-x-5 gap-y-1 text-sm">
          {parts.map(({ actor, share }) => (
            <li key={actor} className="flex items-center gap-2">
              <span aria-hidden className={classes('size-3 rounded-sm border', CLASS_FILL[actor])} />
              <span className="text-ink-soft">{CLASS_WORDS[actor].word}</span>
              <span className="numeric font-medium">{percentText(share)}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

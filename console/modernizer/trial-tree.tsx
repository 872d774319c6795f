// The tree of trials. Each row says what its set has more or less than the one above it, how it ended, and why it was
// tried. Rule: a row that has ended is drawn once; only those that run are drawn again with the clock.

import { BadgeCheck } from 'lucide-react';
import { memo, type CSSProperties } from 'react';
import type { TrialView } from 'modernizer/protocol';

import { Chip, TEXT } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { trialLook } from './looks.ts';
import { pickText, promiseText, stepText, type Pick, type TrialNode } from './trial-tree-state.ts';
import { answeredText, longestMs, purposeWord, trialBar } from './trials-state.ts';

export interface TrialsDrawing {
  readonly nodes: readonly TrialNode[];
  readonly trials: readonly TrialView[];
  readonly nowMs: number;
  readonly onOpen: (trial: string) => void;
}

/** Deeper ones are not drawn further to the right: on a phone nothing would be left of them. */
const DEPTH_SHOWN = 6;

export function TrialTree({ nodes, trials, nowMs, onOpen }: TrialsDrawing) {
  const longest = longestMs(trials);
  return <Branch label="Trials" depth={0} {...{ nodes, trials, nowMs, onOpen, longest }} />;
}

interface BranchFace extends TrialsDrawing {
  readonly depth: number;
  readonly longest: number;
  readonly label?: string;
}

function Branch({ nodes, depth, label, ...rest }: BranchFace) {
  const shown = Math.min(depth, DEPTH_SHOWN);
  return (
    <ol aria-label={label ?? 'Tried from there'} className={depth === 0 ? 'divide-y' : 'divide-y border-t'}>
      {nodes.map((node) => (
        <li key={node.trial.id}>
          <Row
            node={node}
            depth={shown}
            longest={rest.longest}
            answered={answeredText(node.trial, rest.trials)}
            nowMs={node.trial.state === 'running' ? rest.nowMs : 0}
            onOpen={rest.onOpen}
          />
          {node.children.length > 0 && <Branch {...rest} nodes={node.children} depth={depth + 1} />}
        </li>
      ))}
    </ol>
  );
}

interface RowFace {
  readonly node: TrialNode;
  readonly depth: number;
  readonly longest: number;
  readonly answered: string | null;
  readonly nowMs: number;
  readonly onOpen: (trial: string) => void;
}

const INDENT = { '--step': '18px' } as CSSProperties;

const Row = memo(function TrialRow({ node, depth, longest, answered, nowMs, onOpen }: RowFace) {
  const { trial } = node;
  const promise = promiseText(trial);
  return (
    <button
      type="button"
      data-row=""
      onClick={() => onOpen(trial.id)}
      style={INDENT}
      className="group flex w-full items-stretch gap-3 px-4 text-left -outline-offset-2 transition-colors hover:bg-sunken sm:px-5"
    >
      <Guides depth={depth} />
      <span className="numeric w-6 shrink-0 py-2.5 text-right text-ink-faint">{trial.number}</span>
      <span className="min-w-0 flex-1 py-2.5">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{purposeWord(trial.purpose)}</span>
          <Chip look={trialLook(trial)} />
          {node.kept && (
            <span className="inline-flex items-center gap-1 text-xs font-medium text-good">
              <BadgeCheck aria-hidden className="size-3.5" /> the set that is kept
            </span>
          )}
        </span>
        <span className="sr-only">{stepText(node)}. </span>
        <Steps node={node} />
        {(trial.why !== null || promise !== null) && (
          <span className="mt-0.5 block text-xs text-ink-soft max-md:line-clamp-2">{trial.why ?? promise}</span>
        )}
        {trial.quarantined.length > 0 && (
          <span className="mt-0.5 block text-xs text-warn">
            {trial.quarantined.length === 1 ? 'One test wavered' : `${trial.quarantined.length} tests wavered`} and{' '}
            {trial.quarantined.length === 1 ? 'is' : 'are'} not counted
          </span>
        )}
      </span>
      <Length trial={trial} longest={longest} answered={answered} nowMs={nowMs} />
      <span className="sr-only">Open its evidence</span>
    </button>
  );
});

/** One line for each level it hangs below, the last with a corner. */
function Guides({ depth }: { readonly depth: number }) {
  if (depth === 0) return null;
  return (
    <span aria-hidden className="flex shrink-0 self-stretch">
      {Array.from({ length: depth }, (_, at) => (
        <span key={at} className="relative block w-[10px] sm:w-[var(--step)]">
          <span className="absolute inset-y-0 left-1/2 border-l border-line-strong" />
          {at === depth - 1 && <span className="absolute left-1/2 top-[22px] w-1/2 border-t border-line-strong" />}
        </span>
      ))}
    </span>
  );
}

/** Picks shown of a step; a first trial of forty upgrades is counted. */
const PICKS_SHOWN = 4;

function Steps({ node: { trial, relation, added, taken, moved } }: { readonly node: TrialNode }) {
  if (relation === 'root' || relation === 'same') {
    return (
      <span aria-hidden className="block text-xs text-ink-soft">
        {trial.upgrades.length === 0
          ? 'nothing changed'
          : `the same ${trial.upgrades.length} upgrades, installed afresh`}
      </span>
    );
  }
  return (
    <span aria-hidden className="mt-0.5 flex flex-wrap gap-x-3 font-mono text-xs leading-5">
      <Picks sign="+" look="text-good" picks={added} />
      <Picks sign="−" look="text-bad" picks={taken} />
      <Picks sign="→" look="text-info" picks={moved} />
      <span className="font-sans text-ink-soft">
        {trial.upgrades.length === 1 ? 'one upgrade' : `${trial.upgrades.length} upgrades`}
      </span>
    </span>
  );
}

interface PicksFace {
  readonly sign: string;
  readonly look: string;
  readonly picks: readonly Pick[];
}

function Picks({ sign, look, picks }: PicksFace) {
  const rest = picks.length - PICKS_SHOWN;
  return (
    <>
      {picks.slice(0, PICKS_SHOWN).map((pick) => (
        <span key={pick.name} className="[overflow-wrap:anywhere]">
          <span className={classes('font-semibold', look)}>{sign}</span> {pickText(pick)}
        </span>
      ))}
      {rest > 0 && (
        <span className="text-ink-soft">
          {sign} {rest} more
        </span>
      )}
    </>
  );
}

interface LengthFace {
  readonly trial: TrialView;
  readonly longest: number;
  readonly answered: string | null;
  readonly nowMs: number;
}

function Length({ trial, longest, answered, nowMs }: LengthFace) {
  const bar = trialBar(trial, longest, nowMs);
  return (
    <span className="flex w-16 shrink-0 flex-col items-end gap-1.5 py-3 text-right text-xs text-ink-soft sm:w-32 sm:justify-center sm:py-2.5">
      {answered === null ? (
        <>
          <span className="numeric">{bar.text}</span>
          <span
            aria-hidden
            className="block h-1.5 w-full overflow-hidden rounded-full bg-sunken group-hover:bg-surface"
          >
            <span
              className={classes(
                'ml-auto block h-full rounded-full bg-current opacity-70',
                TEXT[trialLook(trial).tone],
              )}
              style={{ width: `${Math.max(bar.share * 100, 2)}%` }}
            />
          </span>
        </>
      ) : (
        answered
      )}
    </span>
  );
}

// The trials as a table: the same as the tree, in the order in which they were tried.

import { Chip } from '../components/chip.tsx';
import { trialLook } from './looks.ts';
import { promiseText, stepText } from './trial-tree-state.ts';
import type { TrialsDrawing } from './trial-tree.tsx';
import { answeredText, longestMs, namesOf, purposeWord, trialBar, upgradesText } from './trials-state.ts';

const HEADINGS = ['No.', 'Tried', 'Against', 'Verdict', 'Time', 'Why'] as const;

export function TrialTable({ nodes, trials, nowMs, onOpen }: TrialsDrawing) {
  const longest = longestMs(trials);
  return (
    <div className="overflow-x-auto" role="region" aria-label="Trials in a table" tabIndex={0}>
      <table className="w-full min-w-[760px] text-left text-sm">
        <caption className="sr-only">Trials in the order in which they were tried</caption>
        <thead className="border-b text-xs text-ink-soft">
          <tr>
            {HEADINGS.map((heading) => (
              <th key={heading} scope="col" className="h-9 px-3 font-medium first:pl-5 last:pr-5">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {nodes
            .toSorted((a, b) => a.trial.number - b.trial.number)
            .map((node) => (
              <tr key={node.trial.id} className="align-top hover:bg-sunken">
                <td className="numeric px-3 py-2.5 pl-5">
                  <button
                    type="button"
                    data-row=""
                    onClick={() => onOpen(node.trial.id)}
                    className="rounded font-medium text-accent-text hover:underline"
                  >
                    <span className="sr-only">Open the evidence of trial </span>
                    {node.trial.number}
                  </button>
                </td>
                <th scope="row" className="px-3 py-2.5 font-normal">
                  <span className="block font-medium">{purposeWord(node.trial.purpose)}</span>
                  <span className="block font-mono text-xs leading-5 text-ink-soft [overflow-wrap:anywhere]">
                    {upgradesText(namesOf(node.trial))}
                  </span>
                </th>
                <td className="px-3 py-2.5 text-ink-soft">{stepText(node)}</td>
                <td className="px-3 py-2.5">
                  <Chip look={trialLook(node.trial)} />
                  {node.kept && <span className="block pl-2.5 text-xs text-good">the set that is kept</span>}
                </td>
                <td className="numeric whitespace-nowrap px-3 py-2.5 text-ink-soft">
                  {answeredText(node.trial, trials) ?? trialBar(node.trial, longest, nowMs).text}
                </td>
                <td className="px-3 py-2.5 pr-5 text-ink-soft">{node.trial.why ?? promiseText(node.trial)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}

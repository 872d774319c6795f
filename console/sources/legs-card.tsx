// The legs side by side: how quick, how reliable, how dear, and whether one rests just now.

import { Gauge } from 'lucide-react';
import type { Leg } from 'tandem/protocol';

import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { countText, moneyText } from '../components/money.ts';
import { useNow } from '../components/use-now.ts';
import { ageText, errorShare, isKeyDue, legLook, reasonOf } from './sources-state.ts';

const SECOND_MS = 1000;

export function LegsCard({ legs }: { readonly legs: readonly Leg[] }) {
  const now = useNow(legs.some(({ state }) => state.kind === 'cooling') ? SECOND_MS : null);
  return (
    <Card title="Legs" icon={Gauge} bare>
      {legs.length === 0 ? (
        <p className="px-5 py-8 text-center text-ink-soft">
          No leg yet. A leg is a provider, one of its models and a key.
        </p>
      ) : (
        <div tabIndex={0} role="region" aria-label="Legs compared" className="overflow-x-auto">
          <table className="w-full min-w-[760px] text-sm">
            <thead className="border-b text-xs text-ink-soft">
              <tr>
                <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
                  Leg
                </th>
                <th scope="col" className="px-3 py-2 text-left font-medium">
                  State
                </th>
                {['First word, p50', 'p95', 'Calls', 'Errors', 'Refused', 'Cost'].map((name) => (
                  <th key={name} scope="col" className="px-3 py-2 text-right font-medium last:pr-5">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y">
              {legs.map((leg) => (
                <LegRow key={leg.leg} leg={leg} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function LegRow({ leg, now }: { readonly leg: Leg; readonly now: number }) {
  const cell = 'numeric whitespace-nowrap px-3 py-2.5 text-right';
  const share = errorShare(leg);
  const reason = reasonOf(leg.state);
  return (
    <tr>
      <th scope="row" className="px-4 py-2.5 text-left font-medium sm:px-5">
        <span className="block [overflow-wrap:anywhere]">
          {leg.provider} {leg.model}
        </span>
        <span className="block text-xs font-normal text-ink-soft">
          {leg.keyMasked === '' ? (
            'needs no key'
          ) : (
            <>
              key {leg.keyNumber}, <code className="font-mono">{leg.keyMasked}</code>,{' '}
              <span className={isKeyDue(leg.keyAgeDays) ? 'text-warn' : ''}>{ageText(leg.keyAgeDays)}</span>
            </>
          )}
        </span>
      </th>
      <td className="px-3 py-2.5">
        <Chip look={legLook(leg.state, now)} />
        {reason !== null && <span className="mt-1 block max-w-56 text-xs text-ink-soft">{reason}</span>}
      </td>
      <td className={cell}>{leg.firstTokenMsP50 === null ? '–' : `${Math.round(leg.firstTokenMsP50)} ms`}</td>
      <td className={cell}>{leg.firstTokenMsP95 === null ? '–' : `${Math.round(leg.firstTokenMsP95)} ms`}</td>
      <td className={cell}>{countText(leg.calls)}</td>
      <td className={cell}>{share === null ? '–' : `${countText(leg.errors)} (${share} %)`}</td>
      <td className={cell}>{countText(leg.refusedByGuard)}</td>
      <td className={`${cell} pr-5 font-medium`}>{moneyText(leg.costMicroUsd)}</td>
    </tr>
  );
}

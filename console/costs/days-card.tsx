// The last thirty days as bars; the same as a list for those who hear the page.

import { useQuery } from '@tanstack/react-query';
import { ChartColumn } from 'lucide-react';

import { Card } from '../components/card.tsx';
import { moneyText } from '../components/money.ts';
import { useNow } from '../components/use-now.ts';
import { dayBars, dayOf, DAYS_SHOWN, type DayBar } from './costs-state.ts';
import { reportQuery } from './queries.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export function DaysCard() {
  const now = useNow(MINUTE_MS);
  const from = dayOf(now - (DAYS_SHOWN - 1) * DAY_MS);
  const report = useQuery(reportQuery('day', { from }));
  const bars = dayBars(report.data?.rows ?? [], now);
  const total = bars.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0);
  return (
    <Card
      title="The last 30 days"
      icon={ChartColumn}
      aside={<span className="numeric text-sm text-ink-soft">{moneyText(total)} in all</span>}
    >
      {total === 0 ? (
        <p className="py-4 text-center text-ink-soft">Nothing was spent in these days.</p>
      ) : (
        <Bars bars={bars} />
      )}
    </Card>
  );
}

function Bars({ bars }: { readonly bars: readonly DayBar[] }) {
  return (
    <>
      <div aria-hidden className="flex h-32 items-end gap-[3px] border-b">
        {bars.map((bar) => (
          <Bar key={bar.day} bar={bar} />
        ))}
      </div>
      <div aria-hidden className="numeric mt-1.5 flex justify-between text-xs text-ink-soft">
        <span>{bars[0]?.day}</span>
        <span>today</span>
      </div>
      <ul className="sr-only" aria-label="Spent each day">
        {bars
          .filter(({ costMicroUsd }) => costMicroUsd > 0)
          .map(({ day, costMicroUsd }) => (
            <li key={day}>
              {day}: {moneyText(costMicroUsd)}
            </li>
          ))}
      </ul>
    </>
  );
}

/** Seen also where it is nearly nothing. */
const LEAST_PERCENT = 2;

function Bar({ bar: { day, costMicroUsd, share } }: { readonly bar: DayBar }) {
  return (
    <div
      title={`${day}: ${moneyText(costMicroUsd)}`}
      className={`min-w-0 flex-1 rounded-t-sm ${costMicroUsd === 0 ? 'bg-line' : 'bg-accent'}`}
      style={{ height: costMicroUsd === 0 ? '2px' : `${Math.max(share * 100, LEAST_PERCENT)}%` }}
    />
  );
}

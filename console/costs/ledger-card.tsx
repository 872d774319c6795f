// The ledger: every attempt at asking a provider, the newest first. Attempts of one call stand together.

import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronRight, ReceiptText } from 'lucide-react';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Chip } from '../components/chip.tsx';
import { moneyText } from '../components/money.ts';
import { Moment } from '../components/moment.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf, mapFace } from '../requests/face.ts';
import { AttemptList } from './attempt-list.tsx';
import { callsOf, costOf, type Call } from './costs-state.ts';
import { outcomeLook } from './looks.ts';
import { linesQuery, type LinesAsked } from './queries.ts';

export function LedgerCard({ filter }: { readonly filter: LinesAsked }) {
  const pages = useInfiniteQuery(linesQuery(filter));
  const face = mapFace(faceOf(pages), (data) => callsOf(data.pages.flatMap(({ lines }) => lines)));
  return (
    <Card title="Ledger" icon={ReceiptText} bare>
      <Screen face={face} loading="Loading the ledger">
        {(calls) =>
          calls.length === 0 ? (
            <p className="px-5 py-8 text-center text-ink-soft">
              No provider was called. Built-in rules cost nothing and have no line.
            </p>
          ) : (
            <ul aria-label="Calls" className="divide-y">
              {calls.map((call) => (
                <li key={call.id}>
                  <CallLine call={call} />
                </li>
              ))}
            </ul>
          )
        }
      </Screen>
      {pages.hasNextPage && (
        <div className="border-t p-3 text-center">
          <Button size="small" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {pages.isFetchingNextPage ? 'Loading…' : 'Load older attempts'}
          </Button>
        </div>
      )}
    </Card>
  );
}

function CallLine({ call: { lines } }: { readonly call: Call }) {
  const [first] = lines;
  const last = lines.at(-1);
  if (first === undefined || last === undefined) return null;
  const isEstimated = lines.some((line) => line.isEstimated);
  return (
    <details className="group">
      <summary
        data-row=""
        className="grid cursor-pointer list-none grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-4 py-2.5 -outline-offset-2 hover:bg-sunken sm:px-5 md:grid-cols-[minmax(0,1fr)_110px_110px_120px_auto] [&::-webkit-details-marker]:hidden"
      >
        <span className="min-w-0">
          <span className="block truncate text-sm font-medium">
            {first.provider} {first.model}
          </span>
          <span className="block truncate text-xs text-ink-soft">
            {first.product}
            {lines.length > 1 && `, ${lines.length} attempts`}
            {first.error !== null && `, ${first.error}`}
          </span>
        </span>
        <span className="justify-self-end md:justify-self-start">
          <Chip look={outcomeLook(first.outcome)} />
        </span>
        <span className="text-sm text-ink-soft">
          <Moment at={first.at} />
        </span>
        <span className="numeric justify-self-end text-right text-sm font-medium">
          {moneyText(costOf(lines))}
          {isEstimated && <span className="block text-xs font-normal text-ink-soft">estimated</span>}
        </span>
        <ChevronRight
          aria-hidden
          className="size-4 text-ink-faint transition-transform group-open:rotate-90 max-md:hidden"
        />
      </summary>
      <div className="bg-sunken px-4 py-3 sm:px-5">
        <AttemptList lines={lines} />
      </div>
    </details>
  );
}

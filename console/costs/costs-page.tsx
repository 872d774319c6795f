// What was spent, on what, by whom; what it will come to; and the budgets that no call can exceed.

import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download } from 'lucide-react';
import type { Forecast } from 'tandem/protocol';

import { buttonLook } from '../components/button.tsx';
import { moneyText } from '../components/money.ts';
import { PageHeader } from '../components/page-header.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { sessionQuery } from '../requests/queries.ts';
import { changed } from '../shell/address-texts.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { BudgetsCard } from './budgets-card.tsx';
import { filterOf } from './costs-state.ts';
import { DaysCard } from './days-card.tsx';
import { LedgerCard } from './ledger-card.tsx';
import { LineFilters } from './line-filters.tsx';
import { PriceCard } from './price-card.tsx';
import { csvPath, forecastQuery } from './queries.ts';
import { ReportCard } from './report-card.tsx';

export function CostsPage() {
  usePageTitle('Costs');
  const search = useSearch({ from: '/costs' });
  const navigate = useNavigate({ from: '/costs' });
  const forecast = useQuery(forecastQuery);
  const session = useQuery(sessionQuery);
  const isOwner = session.data?.role === 'owner';
  const change = (news: typeof search): void => void navigate({ search: changed(search, news), replace: true });
  const filter = filterOf(search);
  return (
    <>
      <PageHeader
        title="Costs"
        lead="Money is set aside before a call and settled after it, so no budget is ever exceeded and every attempt has its line."
        actions={
          <a href={csvPath(filter)} download="tandem-costs.csv" className={buttonLook()}>
            <Download aria-hidden /> CSV
          </a>
        }
      />
      <Screen face={faceOf(forecast)} loading="Loading what was spent">
        {(value) => (
          <div className="space-y-6">
            <Tiles forecast={value} />
            <DaysCard />
            <BudgetsCard forecast={value} mayChange={isOwner} />
            <LineFilters
              search={search}
              isOwner={isOwner}
              onChange={change}
              onClear={() => void navigate({ search: {}, replace: true })}
            />
            <ReportCard by={search.by} filter={filter} onBy={(by) => change({ by })} />
            <LedgerCard filter={filter} />
            <PriceCard maySet={isOwner} />
          </div>
        )}
      </Screen>
    </>
  );
}

function Tiles({ forecast }: { readonly forecast: Forecast }) {
  const tiles = [
    { name: 'Today', value: forecast.todayMicroUsd, detail: 'by the clock of UTC' },
    { name: 'This month', value: forecast.monthMicroUsd, detail: 'so far' },
    { name: 'To the end of the month', value: forecast.monthEndMicroUsd, detail: 'at the pace of the last seven days' },
    { name: 'A day', value: forecast.perDayMicroUsd, detail: 'on average' },
  ];
  return (
    <dl className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      {tiles.map(({ name, value, detail }) => (
        <div key={name} className="flex flex-col rounded-xl border bg-surface p-4 shadow-card">
          <dt className="text-sm text-ink-soft">{name}</dt>
          <dd className="mt-1">
            <span className="numeric block text-2xl font-semibold tracking-tight">{moneyText(value)}</span>
            <span className="text-xs text-ink-soft">{detail}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

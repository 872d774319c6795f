// What was spent, grouped by one thing.

import { useQuery } from '@tanstack/react-query';
import { Table2 } from 'lucide-react';
import { COST_KEYS, type CostKey, type CostReport } from 'tandem/protocol';

import { Card } from '../components/card.tsx';
import { countText, moneyText } from '../components/money.ts';
import { Screen } from '../components/screen.tsx';
import { SelectField } from '../components/select-field.tsx';
import { faceOf } from '../requests/face.ts';
import { KEY_WORDS, keyOf } from './costs-state.ts';
import { reportQuery, type LinesAsked } from './queries.ts';

interface ReportCardFace {
  readonly by: string | undefined;
  readonly filter: LinesAsked;
  readonly onBy: (by: CostKey) => void;
}

export function ReportCard({ by, filter, onBy }: ReportCardFace) {
  const key = keyOf(by);
  const report = useQuery(reportQuery(key, filter));
  return (
    <Card
      title="Spent by"
      icon={Table2}
      bare
      aside={
        <SelectField
          label="Group by"
          value={key}
          options={COST_KEYS.map((value) => ({ value, label: KEY_WORDS[value] }))}
          onChange={(value) => onBy(keyOf(value))}
        />
      }
    >
      <Screen face={faceOf(report)} loading="Loading the report">
        {(value) =>
          value.rows.length === 0 ? (
            <p className="px-5 py-8 text-center text-ink-soft">Nothing was spent on that.</p>
          ) : (
            <ReportTable report={value} name={KEY_WORDS[value.by]} />
          )
        }
      </Screen>
    </Card>
  );
}

function ReportTable({ report, name }: { readonly report: CostReport; readonly name: string }) {
  const dearest = Math.max(1, ...report.rows.map(({ costMicroUsd }) => costMicroUsd));
  const cell = 'numeric px-3 py-2 text-right';
  return (
    <div tabIndex={0} role="region" aria-label="Report" className="overflow-x-auto">
      <table className="w-full min-w-[560px] text-sm">
        <thead className="border-b text-xs text-ink-soft">
          <tr>
            <th scope="col" className="px-4 py-2 text-left font-medium sm:px-5">
              {name}
            </th>
            {['Attempts', 'Failed', 'Cut', 'Tokens read', 'Written', 'Cost'].map((heading) => (
              <th key={heading} scope="col" className="px-3 py-2 text-right font-medium last:pr-5">
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y">
          {report.rows.map((row) => (
            <tr key={row.group}>
              <th scope="row" className="max-w-72 px-4 py-2 text-left font-medium sm:px-5">
                <span className="block truncate" title={row.group}>
                  {row.group === '' ? 'none' : row.group}
                </span>
                <span aria-hidden className="mt-1 block h-1 rounded-full bg-line">
                  <span
                    className="block h-1 rounded-full bg-accent"
                    style={{ width: `${(row.costMicroUsd / dearest) * 100}%` }}
                  />
                </span>
              </th>
              <td className={cell}>{countText(row.attempts)}</td>
              <td className={cell}>{countText(row.failed)}</td>
              <td className={cell}>{countText(row.cut)}</td>
              <td className={cell}>{countText(row.usage.inputTokens)}</td>
              <td className={cell}>{countText(row.usage.outputTokens)}</td>
              <td className={`${cell} pr-5 font-medium`}>
                {moneyText(row.costMicroUsd)}
                {row.estimatedMicroUsd > 0 && (
                  <span className="block text-xs font-normal text-ink-soft">
                    {moneyText(row.estimatedMicroUsd)} estimated
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
        <tfoot className="border-t font-semibold">
          <tr>
            <th scope="row" className="px-4 py-2 text-left sm:px-5" colSpan={6}>
              In all
            </th>
            <td className={`${cell} pr-5`}>{moneyText(report.totalMicroUsd)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

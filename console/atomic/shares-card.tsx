// Who wrote what is there now, by bytes: the bar, the models, and the people.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ChartPie } from 'lucide-react';
import type { StatisticsDetail } from 'atomic/protocol';
import { bytesText } from 'kernel/basics';

import { Card } from '../components/card.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { statisticsQuery } from './queries.ts';
import { SharesBar } from './shares-bar.tsx';
import { filesText, modelWord, patchesText, percentText, sumOf } from './words.ts';

/** A card has room for these; the rest is in atomic attribution --stats. */
const MODELS_SHOWN = 6;

export function SharesCard({
  repository,
  channel,
}: {
  readonly repository: string;
  readonly channel: string | undefined;
}) {
  const statistics = useQuery(statisticsQuery(repository, { channel }));
  return (
    <Card title="Who wrote what is here" icon={ChartPie} className="mb-6">
      <Screen face={faceOf(statistics)} loading="Counting who wrote what">
        {(value) => <SharesDrawing statistics={value} repository={repository} channel={channel} />}
      </Screen>
    </Card>
  );
}

interface SharesDrawingFace {
  readonly statistics: StatisticsDetail;
  readonly repository: string;
  readonly channel: string | undefined;
}

function SharesDrawing({ statistics, repository, channel }: SharesDrawingFace) {
  const { shares, models, filesRead, filesInAll } = statistics;
  const all = sumOf(shares);
  const shown = models.slice(0, MODELS_SHOWN);
  return (
    <>
      <p className="mb-3 text-sm text-ink-soft">
        {bytesText(all)} in {filesText(filesInAll)}, byte by byte.
        {filesRead < filesInAll && ` Only ${filesText(filesRead)} were read: the rest would take too long.`}
      </p>
      <SharesBar shares={shares} unit="bytes" />
      {shown.length > 0 && (
        <ul aria-label="Models" className="mt-4 flex flex-wrap gap-2">
          {shown.map(({ model, bytes, patches }) => (
            <li key={model}>
              <Link
                to="/atomic/$repository"
                params={{ repository }}
                search={{ ...(channel === undefined ? {} : { channel }), model }}
                className="flex items-baseline gap-2 rounded-lg border border-line-strong px-3 py-1.5 text-sm hover:bg-sunken"
              >
                <span className="font-medium">{modelWord(model)}</span>
                <span className="numeric text-xs text-ink-soft">
                  {percentText(all === 0 ? 0 : bytes / all)}, {patchesText(patches)}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

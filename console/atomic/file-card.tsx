// A file with who wrote each of its lines; the hand that is looked at is marked everywhere in it.

import { FileText, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Credit, FileDetail, FileLine } from 'atomic/protocol';
import { bytesText } from 'kernel/basics';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { classes } from '../components/classes.ts';
import { LineNumber } from './change-card.tsx';
import { Gutter } from './gutter.tsx';
import { SharesBar } from './shares-bar.tsx';
import { ShownCredit } from './shown-credit.tsx';
import { conflictsText } from './words.ts';

interface FileCardFace {
  readonly repository: string;
  readonly channel: string | undefined;
  /** As it came, page by page. */
  readonly pages: readonly [FileDetail, ...FileDetail[]];
  readonly more?: { readonly isLoading: boolean; readonly load: () => void } | undefined;
}

/** A line with its credits named. */
interface ShownLine extends Pick<FileLine, 'text' | 'actor' | 'conflict'> {
  readonly number: number;
  readonly credit: Credit | null;
}

export function FileCard({ repository, channel, pages, more }: FileCardFace) {
  const [file] = pages;
  const lines = linesOf(pages);
  const [shown, setShown] = useState<Credit | null>(null);
  return (
    <Card
      title={file.path}
      icon={FileText}
      bare
      aside={<span className="text-sm text-ink-soft">{bytesText(file.bytes)}</span>}
    >
      <div className="border-b px-4 py-3 sm:px-5">
        <SharesBar shares={file.shares} unit="bytes of the file" />
        {file.conflicts.length > 0 && (
          <p className="mt-2 flex items-center gap-2 text-sm text-warn">
            <TriangleAlert aria-hidden className="size-4 shrink-0" />
            {conflictsText(file.conflicts.length)} ({[...new Set(file.conflicts.map(({ kind }) => kind))].join(', ')}):
            each side is in the file, between markers.
          </p>
        )}
      </div>
      {file.lines === null ? (
        <p className="px-5 py-8 text-center text-ink-soft">This is no text, so no lines are shown.</p>
      ) : (
        <>
          <ShownCredit repository={repository} channel={channel} credit={shown ?? lines[0]?.credit ?? null} />
          <div
            tabIndex={0}
            role="region"
            aria-label={`Lines of ${file.path}`}
            className="overflow-x-auto -outline-offset-2"
          >
            <table className="w-full border-collapse font-mono text-xs leading-5">
              <caption className="sr-only">Who wrote it, the number of the line, and the line</caption>
              <tbody>
                {lines.map((line, index) => (
                  <Line
                    key={line.number}
                    {...{ repository, channel, line }}
                    isFirst={!isSameHand(lines[index - 1], line)}
                    isShown={shown !== null && isSame(line.credit, shown)}
                    onShow={() => setShown(line.credit)}
                  />
                ))}
              </tbody>
            </table>
          </div>
          {lines.length === 0 && <p className="px-5 py-8 text-center text-ink-soft">The file is empty.</p>}
        </>
      )}
      {more !== undefined && (
        <p className="border-t p-3 text-center">
          <Button size="small" disabled={more.isLoading} onClick={more.load}>
            {more.isLoading ? 'Loading…' : `Load more of ${file.linesInAll} lines`}
          </Button>
        </p>
      )}
    </Card>
  );
}

function linesOf(pages: readonly FileDetail[]): readonly ShownLine[] {
  return pages.flatMap(({ lines, credits, from }) =>
    (lines ?? []).map(({ text, actor, conflict, credits: [first] }, index) => ({
      text,
      actor,
      conflict,
      number: from + index,
      credit: first === undefined ? null : (credits[first.credit] ?? null),
    })),
  );
}

const isSame = (a: Credit | null, b: Credit | null): boolean =>
  a === b || (a !== null && b !== null && a.patch === b.patch && a.actor === b.actor && a.model === b.model);

const isSameHand = (a: ShownLine | undefined, b: ShownLine): boolean =>
  a !== undefined && a.actor === b.actor && isSame(a.credit, b.credit);

interface LineFace extends Pick<FileCardFace, 'repository' | 'channel'> {
  readonly line: ShownLine;
  readonly isFirst: boolean;
  readonly isShown: boolean;
  readonly onShow: () => void;
}

function Line({ repository, channel, line, isFirst, isShown, onShow }: LineFace) {
  const isMarker = line.credit === null;
  return (
    <tr
      className={classes(
        isFirst && 'border-t',
        line.conflict !== null && 'bg-warn-soft',
        isShown && 'bg-accent-soft',
        isMarker && 'font-semibold text-warn',
      )}
    >
      <Gutter {...{ repository, channel, isFirst, onShow }} credit={line.credit} actor={line.actor} />
      <LineNumber line={line.number} />
      <td className="whitespace-pre pl-2 pr-4 [tab-size:4]">{line.text}</td>
    </tr>
  );
}

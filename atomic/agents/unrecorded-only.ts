// The working log of a file of which a part was recorded: claims on what is recorded go.

import type { FileLog } from '../hooks/worklog.ts';
import { diffLines } from '../patches/diff-lines.ts';

export function unrecordedOnly(file: FileLog, recorded: Buffer, present: Buffer): FileLog {
  const hunks = diffLines(recorded, present);
  const spans = file.spans.flatMap((span) =>
    hunks.flatMap(({ newStart, newEnd }) => {
      const [start, end] = [Math.max(span.start, newStart), Math.min(span.end, newEnd)];
      return start < end ? [{ ...span, start, end }] : [];
    }),
  );
  const cuts = file.cuts.filter(({ at }) => hunks.some(({ newStart, newEnd }) => newStart <= at && at <= newEnd));
  const isSame = spans.length === file.spans.length && cuts.length === file.cuts.length;
  return isSame &&
    spans.every((span, index) => span.start === file.spans[index]?.start && span.end === file.spans[index]?.end)
    ? file
    : { ...file, spans, cuts };
}

// What a patch did to one file: lines that went, lines that came, and who wrote each.

import { Link } from '@tanstack/react-router';
import { FileDiff, FileMinus, FilePen, FilePlus, FileSymlink, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { Credit, DiffHunk, DiffLine, FileChange } from 'atomic/protocol';

import { Button } from '../components/button.tsx';
import { Gutter } from './gutter.tsx';

const ICONS: Readonly<Record<FileChange['kind'], LucideIcon>> = {
  added: FilePlus,
  deleted: FileMinus,
  moved: FileSymlink,
  changed: FileDiff,
  properties: FilePen,
};
const KINDS: Readonly<Record<FileChange['kind'], string>> = {
  added: 'Added',
  deleted: 'Deleted',
  moved: 'Moved',
  changed: 'Changed',
  properties: 'Properties changed',
};
const CUTS: Readonly<Record<NonNullable<FileChange['cut']>, string>> = {
  'not-text': 'This is no text, so no lines are shown.',
  'too-long': 'The change is longer than what is shown here.',
  'too-many-files': 'The patch is about so many files that the lines of this one are not shown.',
};
/** A change longer than this is unfolded by hand. */
const FOLDED_LINES = 400;

interface ChangeCardFace {
  readonly repository: string;
  readonly channel: string | undefined;
  readonly change: FileChange;
  readonly credits: readonly Credit[];
}

export function ChangeCard({ repository, channel, change, credits }: ChangeCardFace) {
  const [shown, setShown] = useState(change.added + change.removed <= FOLDED_LINES);
  const Icon = ICONS[change.kind];
  return (
    <section className="overflow-hidden rounded-xl border bg-surface shadow-card" aria-label={change.path}>
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 border-b px-4 py-2">
        <h3 className="flex min-w-0 flex-1 items-center gap-2 text-sm">
          <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
          <FileName repository={repository} channel={channel} change={change} />
        </h3>
        <span className="text-xs text-ink-soft">{KINDS[change.kind]}</span>
        <span className="numeric text-xs">
          <span className="text-good">+{change.added}</span> <span className="text-bad">−{change.removed}</span>
        </span>
      </header>
      {change.hunks.length > 0 && !shown && (
        <p className="p-4 text-center">
          <Button size="small" onClick={() => setShown(true)}>
            Show {change.added + change.removed} lines
          </Button>
        </p>
      )}
      {change.hunks.length > 0 && shown && (
        <div
          tabIndex={0}
          role="region"
          aria-label={`Lines of ${change.path}`}
          className="overflow-x-auto -outline-offset-2"
        >
          <table className="w-full border-collapse font-mono text-xs leading-5">
            <caption className="sr-only">Who wrote it, line before, line now, and the line</caption>
            {change.hunks.map((hunk) => (
              <Hunk key={`${hunk.oldStart} ${hunk.newStart}`} hunk={hunk} {...{ repository, channel, credits }} />
            ))}
          </table>
        </div>
      )}
      {change.cut !== null && <p className="px-4 py-3 text-sm text-ink-soft">{CUTS[change.cut]}</p>}
      {change.hunks.length === 0 && change.cut === null && (
        <p className="px-4 py-3 text-sm text-ink-soft">No line of it is another.</p>
      )}
    </section>
  );
}

function FileName({ repository, channel, change }: Omit<ChangeCardFace, 'credits'>) {
  const { path, from, kind } = change;
  const name = 'min-w-0 font-mono text-xs font-medium [overflow-wrap:anywhere]';
  if (kind === 'deleted') return <span className={name}>{path}</span>;
  return (
    <span className={name}>
      {kind === 'moved' && from !== null && <span className="text-ink-soft">{from} → </span>}
      <Link
        to="/atomic/$repository/files"
        params={{ repository }}
        search={{ ...(channel === undefined ? {} : { channel }), path }}
        className="rounded hover:text-accent-text hover:underline"
      >
        {path}
      </Link>
    </span>
  );
}

interface HunkFace extends Omit<ChangeCardFace, 'change'> {
  readonly hunk: DiffHunk;
}

function Hunk({ hunk, repository, channel, credits }: HunkFace) {
  const { oldStart, oldLines, newStart, newLines, lines } = hunk;
  return (
    <tbody>
      <tr className="bg-sunken text-ink-soft">
        <td colSpan={5} className="px-3 py-0.5">
          @@ −{oldStart},{oldLines} +{newStart},{newLines} @@
        </td>
      </tr>
      {lines.map((line, index) => {
        const credit = line.credit === null ? null : (credits[line.credit] ?? null);
        const before = lines[index - 1];
        return (
          <tr key={`${line.old} ${line.now}`} className={GROUND[line.sign]}>
            <Gutter
              repository={repository}
              channel={channel}
              credit={credit}
              actor={credit?.actor ?? 'untracked'}
              isFirst={before?.credit !== line.credit || before.sign !== line.sign}
            />
            <LineNumber line={line.old} />
            <LineNumber line={line.now} />
            <td className="w-4 select-none text-center align-top">
              <span aria-hidden>{line.sign === '-' ? '−' : line.sign}</span>
              {line.sign !== ' ' && <span className="sr-only">{line.sign === '+' ? 'came' : 'went'}</span>}
            </td>
            <td className="whitespace-pre pr-4 [tab-size:4]">{line.text}</td>
          </tr>
        );
      })}
    </tbody>
  );
}

const GROUND: Readonly<Record<DiffLine['sign'], string>> = { '+': 'bg-good-soft', '-': 'bg-bad-soft', ' ': '' };

export function LineNumber({ line }: { readonly line: number | null }) {
  return <td className="numeric w-10 select-none px-1.5 text-right align-top text-ink-soft">{line}</td>;
}

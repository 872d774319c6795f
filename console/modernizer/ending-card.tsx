// How a run ended: with a branch to bring home, without one and why, or in the middle and how to go on.

import { CirclePause, FileText, GitBranch, Info } from 'lucide-react';
import { countText, unreachable } from 'kernel/basics';
import type { ModernizationView } from 'modernizer/protocol';

import { Card } from '../components/card.tsx';
import { CopyLine } from '../components/copy-line.tsx';
import { reportPath } from '../requests/orders.ts';
import { endingOf, type Ending } from './run-state.ts';

interface EndingFace {
  readonly run: string;
  readonly view: ModernizationView;
}

export function EndingCard({ run, view }: EndingFace) {
  const ending = endingOf(view);
  switch (ending.kind) {
    case 'none':
      return null;
    case 'brought':
      return <Brought run={run} deployment={ending.deployment} />;
    case 'left-alone':
      return <LeftAlone ending={ending} failed={view.status === 'failed'} />;
    case 'interrupted':
      return (
        <Card title="Interrupted" icon={CirclePause} tone="warn">
          <p>{ending.reason}</p>
          <p className="mt-1 text-ink-soft">
            Nothing is lost: every finished trial is kept. Resume it with the button above, or in a terminal:
          </p>
          <CopyLine
            className="mt-3"
            line={`npx tandem modernize --resume ${run}`}
            label="Copy the line that resumes it"
          />
        </Card>
      );
    default:
      return unreachable(ending);
  }
}

interface BroughtFace {
  readonly run: string;
  readonly deployment: Extract<Ending, { kind: 'brought' }>['deployment'];
}

function Brought({ run, deployment }: BroughtFace) {
  return (
    <Card
      title="Result"
      icon={GitBranch}
      tone="good"
      aside={
        <a
          href={reportPath(run)}
          target="_blank"
          rel="noopener"
          className="inline-flex items-center gap-1.5 rounded text-sm font-medium text-accent-text hover:underline"
        >
          <FileText aria-hidden className="size-4" /> Report
        </a>
      }
    >
      <p>
        {countText(deployment.commits.length, 'commit')} on branch{' '}
        <code className="rounded bg-sunken px-1.5 py-0.5 font-mono text-xs [overflow-wrap:anywhere]">
          {deployment.branch}
        </code>
        . Your own project was not touched.
      </p>
      {deployment.fetchLine === null ? (
        <p className="mt-3 text-ink-soft">Your project is no git repository: take the files from the copy below.</p>
      ) : (
        <>
          <p className="mt-4 text-sm font-medium">{homeText(deployment.fetchLine)}</p>
          <CopyLine className="mt-1.5" line={deployment.fetchLine} label="Copy the line that fetches the branch" />
        </>
      )}
      <p className="mt-4 text-sm font-medium">The copy it was made in</p>
      <CopyLine className="mt-1.5" line={deployment.repository} label="Copy the path of the copy" />
      <ol aria-label="Commits" className="mt-4 divide-y rounded-lg border">
        {deployment.commits.map((commit) => (
          <li key={commit.hash} className="flex gap-3 px-3 py-2 text-sm">
            <code className="shrink-0 font-mono text-xs leading-5 text-ink-soft">{commit.hash.slice(0, 8)}</code>
            <span className="min-w-0 [overflow-wrap:anywhere]">{commit.subject}</span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

/** A line that fetches is run in the person's own project; one that clones has no project of theirs to run in. */
const homeText = (line: string): string =>
  line.startsWith('git fetch')
    ? 'Bring it home: run this in your project'
    : 'Bring it home: run this where it should go';

interface LeftAloneFace {
  readonly ending: Extract<Ending, { kind: 'left-alone' }>;
  readonly failed: boolean;
}

function LeftAlone({ ending, failed }: LeftAloneFace) {
  return (
    <Card title={failed ? 'It failed' : 'The project was left as it is'} icon={Info} tone={failed ? 'bad' : 'warn'}>
      <div className="space-y-1 [overflow-wrap:anywhere]">
        <p className="font-semibold">{ending.reason}</p>
        {ending.why !== null && <p className="text-ink-soft">{ending.why}</p>}
        {ending.next !== null && (
          <p>
            <span className="font-medium">What next: </span>
            {ending.next}
          </p>
        )}
      </div>
    </Card>
  );
}

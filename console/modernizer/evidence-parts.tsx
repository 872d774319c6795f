// What a trial installed otherwise than the project as it is, and where it ran.

import { useQuery } from '@tanstack/react-query';
import { ArrowRight, Download } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import type { LockedChange, LockfileDifference, TrialEvidence, TrialView } from 'modernizer/protocol';

import { TEXT, type Tone } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import { CopyLine } from '../components/copy-line.tsx';
import { Screen } from '../components/screen.tsx';
import { faceOf } from '../requests/face.ts';
import { evidenceQuery, trialPath } from '../requests/queries.ts';
import { changeWord, differenceText, shownChanges, unlistedOf } from './evidence-state.ts';

interface PartFace {
  readonly run: string;
  readonly trial: TrialView;
}

export function LockfilePart({ run, trial }: PartFace) {
  return (
    <WithEvidence run={run} trial={trial} label="Lockfile">
      {({ lockfile }) =>
        lockfile.kind === 'available' ? (
          <Difference difference={lockfile.value} />
        ) : (
          <p className="text-ink-soft">The difference is not known. {lockfile.reason}</p>
        )
      }
    </WithEvidence>
  );
}

interface WithEvidenceFace extends PartFace {
  readonly label: string;
  readonly children: (evidence: TrialEvidence) => ReactNode;
}

function WithEvidence({ run, trial, label, children }: WithEvidenceFace) {
  const asked = { run, trial: trial.id };
  const face = faceOf(useQuery(evidenceQuery(asked, trial.state === 'finished')));
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="min-h-0 flex-1 overflow-auto px-5 py-4 -outline-offset-2"
    >
      <Screen face={face} loading="Reading the evidence">
        {(evidence) => (
          <>
            {children(evidence)}
            <Files run={run} trial={trial} files={evidence.files} />
          </>
        )}
      </Screen>
    </div>
  );
}

function Files({ run, trial, files }: PartFace & { readonly files: readonly string[] }) {
  if (files.length === 0) return null;
  return (
    <div className="mt-6 border-t pt-4">
      <h3 className="text-xs text-ink-soft">The files themselves</h3>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1">
        {files.map((file) => (
          <li key={file}>
            <a
              href={`${trialPath({ run, trial: trial.id })}/evidence/${file}`}
              download={file}
              className="inline-flex items-center gap-1.5 rounded font-mono text-xs leading-6 text-accent-text hover:underline"
            >
              <Download aria-hidden className="size-3.5" /> {file}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Difference({ difference }: { readonly difference: LockfileDifference }) {
  const id = useId();
  const [find, setFind] = useState('');
  const shown = shownChanges(difference.changes, find);
  const unlisted = unlistedOf(difference);
  return (
    <>
      <p>{differenceText(difference)}</p>
      {difference.changes.length > 0 && (
        <>
          <label htmlFor={id} className="sr-only">
            Find a package
          </label>
          <input
            id={id}
            type="search"
            value={find}
            placeholder="Package, version, added, removed"
            onChange={(event) => setFind(event.target.value)}
            className="mt-3 h-8 w-full max-w-80 rounded-lg border border-control bg-surface px-3 text-sm placeholder:text-ink-faint"
          />
          {shown.length === 0 && <p className="mt-3 text-ink-soft">No package here is like that.</p>}
          <ul aria-label="Packages that differ" className="mt-3 divide-y rounded-lg border">
            {shown.map((change) => (
              <Locked key={`${change.place} ${change.name} ${change.from} ${change.to}`} change={change} />
            ))}
          </ul>
          {unlisted > 0 && <p className="mt-2 text-sm text-ink-soft">And {unlisted} more, in the lockfile itself.</p>}
        </>
      )}
    </>
  );
}

const CHANGE_TONE = { added: 'good', removed: 'bad', changed: 'info' } as const satisfies Record<string, Tone>;
const CHANGE_SIGN = { added: '+', removed: '−', changed: '~' } as const;

function Locked({ change }: { readonly change: LockedChange }) {
  const word = changeWord(change);
  const inside = change.place !== '' && change.place !== `node_modules/${change.name}`;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 px-3 py-1.5 font-mono text-xs leading-5">
      <span className={classes('w-3 font-semibold', TEXT[CHANGE_TONE[word]])}>
        <span aria-hidden>{CHANGE_SIGN[word]}</span>
        <span className="sr-only">{word}: </span>
      </span>
      <span className={classes('min-w-0 flex-1 [overflow-wrap:anywhere]', change.asked && 'font-semibold')}>
        {change.name}
        {change.asked && <span className="font-sans font-normal text-accent-text"> tried here</span>}
        {inside && <span className="block text-ink-faint">{change.place}</span>}
      </span>
      <span className="flex items-center gap-1.5 text-ink-soft">
        {change.from}
        {word === 'changed' && <ArrowRight role="img" aria-label="to" className="size-3 text-ink-faint" />}
        {change.to}
      </span>
    </li>
  );
}

export function EnvironmentPart({ run, trial }: PartFace) {
  return (
    <WithEvidence run={run} trial={trial} label="Environment">
      {({ environment, treeHash, lockfile }) =>
        environment.kind === 'unavailable' ? (
          <p className="text-ink-soft">Where it ran is not known. {environment.reason}</p>
        ) : (
          <>
            <h3 className="text-xs text-ink-soft">Hash of the environment: trials with the same ran in the same</h3>
            <CopyLine className="mt-1.5" line={environment.value.hash} label="Copy the hash of the environment" />
            <h3 className="mt-4 text-xs text-ink-soft">Hash of what was installed where</h3>
            {treeHash === null ? (
              <p className="text-ink-soft">
                Not known:{' '}
                {lockfile.kind === 'available' ? 'this lockfile alone does not say it' : 'no tree was resolved'}.
              </p>
            ) : (
              <CopyLine className="mt-1.5" line={treeHash} label="Copy the hash of the tree" />
            )}
            <dl className="mt-5 grid gap-x-6 gap-y-3 sm:grid-cols-2">
              <Fact title="Node" text={environment.value.node} />
              <Fact title="npm" text={environment.value.npm} />
              <Fact title="Tandem" text={environment.value.tandem} />
              <Fact title="Processor" text={environment.value.architecture ?? 'not known'} />
              <Fact title="Registry" text={environment.value.registry ?? 'not known'} />
              <Fact
                title="Sandbox"
                text={environment.value.sandbox.unsafe ? 'none (unsafe, as asked)' : environment.value.sandbox.backEnd}
              />
              {environment.value.sandbox.limits.map((limit) => {
                const [title = '', text = ''] = limit.split(': ');
                return <Fact key={limit} title={`Limit of ${title}`} text={text} />;
              })}
            </dl>
          </>
        )
      }
    </WithEvidence>
  );
}

function Fact({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-ink-soft">{title}</dt>
      <dd className="font-mono text-xs leading-5 [overflow-wrap:anywhere]">{text}</dd>
    </div>
  );
}

// One trial from the inside: its steps and tests, and beside each other its log, what it installed, and where it ran.

import { Check, X } from 'lucide-react';
import { durationText } from 'kernel/basics';
import { spentText, type LevelResult, type TestCounts, type TrialView } from 'modernizer/protocol';

import { Chip } from '../components/chip.tsx';
import { Drawer } from '../components/drawer.tsx';
import { FaultCard } from '../components/fault-card.tsx';
import { Segmented } from '../components/segmented.tsx';
import { evidencePartOf, EVIDENCE_PARTS, type EvidencePart } from './evidence-state.ts';
import { EnvironmentPart, LockfilePart } from './evidence-parts.tsx';
import { LogText } from './log-text.tsx';
import { trialLook } from './looks.ts';
import { trialTitle, upgradesText } from './trials-state.ts';
import { useLog } from './use-log.ts';

interface EvidenceFace {
  readonly run: string;
  readonly trial: TrialView;
  /** Which of its parts is shown, as the address says it. */
  readonly part: string | undefined;
  readonly onPart: (part: EvidencePart) => void;
  readonly onClose: () => void;
}

const PART_WORDS: Readonly<Record<EvidencePart, string>> = {
  log: 'Log',
  lockfile: 'Lockfile',
  environment: 'Environment',
};

export function EvidenceDrawer({ run, trial, part, onPart, onClose }: EvidenceFace) {
  const shown = evidencePartOf(part);
  return (
    <Drawer open onClose={onClose} title={trialTitle(trial)} description={upgradesText(trial.upgrades)}>
      <div
        className="max-h-[42%] space-y-3 overflow-y-auto border-b px-5 py-4"
        tabIndex={0}
        role="region"
        aria-label="Result"
      >
        <Summary trial={trial} />
        {trial.levels.length > 0 && <Levels levels={trial.levels} />}
        {trial.tests !== null && <Tests tests={trial.tests} />}
        {trial.quarantined.length > 0 && (
          <Names label="Tests that wavered" lead="Wavered, named and not counted" names={trial.quarantined} />
        )}
      </div>
      <div className="border-b px-5 py-2">
        <Segmented<EvidencePart>
          label="Show of the evidence"
          value={shown}
          onChange={onPart}
          segments={EVIDENCE_PARTS.map((value) => ({ value, label: PART_WORDS[value] }))}
        />
      </div>
      <Part run={run} trial={trial} part={shown} />
    </Drawer>
  );
}

function Part({ run, trial, part }: Pick<EvidenceFace, 'run' | 'trial'> & { readonly part: EvidencePart }) {
  switch (part) {
    case 'log':
      return <Log run={run} trial={trial} />;
    case 'lockfile':
      return <LockfilePart run={run} trial={trial} />;
    default:
      return <EnvironmentPart run={run} trial={trial} />;
  }
}

function Log({ run, trial }: Pick<EvidenceFace, 'run' | 'trial'>) {
  const { log, fault } = useLog({ run, trial: trial.id });
  if (fault === null) return <LogText log={log} />;
  return (
    <div className="p-5">
      <FaultCard fault={fault} />
    </div>
  );
}

function Summary({ trial }: { readonly trial: TrialView }) {
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Chip look={trialLook(trial)} />
      {trial.wallMs !== null && <span className="numeric text-sm text-ink-soft">{durationText(trial.wallMs)}</span>}
      {trial.summary !== null && <p className="w-full text-sm">{trial.summary}</p>}
      {trial.why !== null && <p className="w-full text-sm text-ink-soft">Why it was tried: {trial.why}</p>}
    </div>
  );
}

function Levels({ levels }: { readonly levels: readonly LevelResult[] }) {
  return (
    <ol aria-label="Levels" className="divide-y rounded-lg border">
      {levels.map((level, index) => (
        <li key={`${index} ${level.command}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2 text-sm">
          <span className={`inline-flex items-center gap-1.5 font-medium ${level.ok ? 'text-good' : 'text-bad'}`}>
            {level.ok ? <Check aria-hidden className="size-4" /> : <X aria-hidden className="size-4" />}
            <span>
              Level {level.level} {level.ok ? 'passed' : 'failed'}
            </span>
          </span>
          <code className="font-mono text-xs text-ink-soft [overflow-wrap:anywhere]">{level.command}</code>
          <span className="numeric ml-auto text-xs text-ink-soft">
            {spentText(level) ?? durationText(level.wallMs)}
          </span>
          {level.detail !== '' && (
            <span className="w-full text-xs text-ink-soft [overflow-wrap:anywhere]">{level.detail}</span>
          )}
          {level.health.map((look) => (
            <span key={look.url} className="w-full text-xs text-ink-soft [overflow-wrap:anywhere]">
              {look.ok ? 'Healthy' : 'Not healthy'}: {look.url} {look.status ?? 'no answer'}, {look.detail}
            </span>
          ))}
        </li>
      ))}
    </ol>
  );
}

function Tests({ tests }: { readonly tests: TestCounts }) {
  return (
    <div className="text-sm">
      <p className="numeric">
        <span className="font-medium text-good">{tests.passed} passed</span>,{' '}
        <span className={tests.failed > 0 ? 'font-medium text-bad' : 'text-ink-soft'}>{tests.failed} failed</span>,{' '}
        <span className="text-ink-soft">
          {tests.skipped} skipped ({tests.runner})
        </span>
      </p>
      {tests.failing.length > 0 && <Names label="Failing tests" names={tests.failing} />}
    </div>
  );
}

interface NamesFace {
  readonly label: string;
  readonly lead?: string;
  readonly names: readonly string[];
}

function Names({ label, lead, names }: NamesFace) {
  return (
    <div>
      {lead !== undefined && <p className="text-sm text-warn">{lead}</p>}
      <ul aria-label={label} className="mt-1 list-disc space-y-0.5 pl-5 text-xs text-ink-soft">
        {names.map((name, index) => (
          <li key={`${index} ${name}`} className="[overflow-wrap:anywhere]">
            {name}
          </li>
        ))}
      </ul>
    </div>
  );
}

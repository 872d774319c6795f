// One trial from the inside: its levels, its tests, and the log as it is written.

import { Check, X } from 'lucide-react';
import { durationText } from 'kernel/basics';
import type { LevelResult, TestCounts, TrialView } from 'modernizer/protocol';

import { Chip } from '../components/chip.tsx';
import { Drawer } from '../components/drawer.tsx';
import { FaultCard } from '../components/fault-card.tsx';
import { LogText } from './log-text.tsx';
import { trialLook } from './looks.ts';
import { trialTitle, upgradesText } from './trials-state.ts';
import { useLog } from './use-log.ts';

interface LogDrawerFace {
  readonly run: string;
  readonly trial: TrialView;
  readonly onClose: () => void;
}

export function LogDrawer({ run, trial, onClose }: LogDrawerFace) {
  const { log, fault } = useLog({ run, trial: trial.id });
  return (
    <Drawer open onClose={onClose} title={trialTitle(trial)} description={upgradesText(trial.upgrades)}>
      <div
        className="max-h-[45%] space-y-3 overflow-y-auto border-b px-5 py-4"
        tabIndex={0}
        role="region"
        aria-label="Result"
      >
        <div className="flex flex-wrap items-center gap-2">
          <Chip look={trialLook(trial)} />
          {trial.wallMs !== null && <span className="numeric text-sm text-ink-soft">{durationText(trial.wallMs)}</span>}
          {trial.summary !== null && <p className="w-full text-sm">{trial.summary}</p>}
        </div>
        {trial.levels.length > 0 && <Levels levels={trial.levels} />}
        {trial.tests !== null && <Tests tests={trial.tests} />}
        {trial.evidence !== null && (
          <p className="text-xs text-ink-soft">
            Evidence: <code className="font-mono [overflow-wrap:anywhere]">{trial.evidence}</code>
          </p>
        )}
      </div>
      {fault === null ? (
        <LogText log={log} />
      ) : (
        <div className="p-5">
          <FaultCard fault={fault} />
        </div>
      )}
    </Drawer>
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
          <code className="font-mono text-xs text-ink-soft">{level.command}</code>
          <span className="numeric ml-auto text-xs text-ink-soft">{durationText(level.wallMs)}</span>
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
      {tests.failing.length > 0 && (
        <ul aria-label="Failing tests" className="mt-1 list-disc space-y-0.5 pl-5 text-xs text-ink-soft">
          {tests.failing.map((name, index) => (
            <li key={`${index} ${name}`} className="[overflow-wrap:anywhere]">
              {name}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

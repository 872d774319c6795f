import { Chip } from '../components/chip.tsx';
import { classes } from '../components/classes.ts';
import type { WorkflowStep } from './workflow-state.ts';

/** The workflow in words, in order. What the graph shows, and nothing less. */
export function WorkflowList({ steps }: { readonly steps: readonly WorkflowStep[] }) {
  return (
    <ol aria-label="Workflow" className="divide-y">
      {steps.map((step, index) => (
        <li
          key={step.agent}
          aria-current={step.active ? 'step' : undefined}
          className={classes('flex gap-3 px-4 py-3 sm:px-5', step.active && 'bg-accent-soft')}
        >
          <span aria-hidden className="numeric w-5 shrink-0 text-right text-ink-faint">
            {index + 1}
          </span>
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{step.title}</span>
              <Chip look={step.look} />
              {step.rounds > 1 && <span className="numeric text-xs text-ink-soft">round {step.rounds}</span>}
            </div>
            <p className="mt-0.5 text-sm text-ink-soft [overflow-wrap:anywhere]">{step.summary ?? step.task}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

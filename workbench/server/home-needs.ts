// What needs the person, most urgent first: open decisions, what was interrupted or failed, results, the machine.
// Rule: pure. Each need says in words what it is, and where the console goes.

import { toIso, type Instant } from 'kernel/basics';
import type { RunRecord } from 'kernel/journal';

import type { Home, Machine, Need } from '../protocol/index.ts';

export interface Situation {
  readonly waiting: readonly RunRecord[];
  readonly interrupted: readonly RunRecord[];
  readonly failed: readonly RunRecord[];
  readonly done: readonly RunRecord[];
  readonly running: number;
  readonly sandbox: Machine['sandbox'];
  readonly now: Instant;
}

/** A result or a failure older than this is history, and found in the list of runs. */
const RECENT_MS = 3 * 24 * 60 * 60_000;

export function homeOf({ waiting, interrupted, failed, done, running, sandbox, now }: Situation): Home {
  const recent = (run: RunRecord): boolean => run.completedAt !== null && now - run.completedAt <= RECENT_MS;
  const results = done.filter(recent);
  return {
    needs: [
      ...waiting.map((run) => needOf('decision', run, 'It waits for your decision.')),
      ...machineNeeds(sandbox),
      ...interrupted.map((run) => needOf('interrupted', run, 'It was interrupted and can be continued.')),
      ...failed.filter(recent).map((run) => needOf('failed', run, 'It failed.')),
      ...results.map((run) => needOf('result', run, 'Its result is ready.')),
    ],
    running,
    finished: results.length,
  };
}

const needOf = (kind: Need['kind'], run: RunRecord, otherwise: string): Need => ({
  kind,
  title: run.title,
  detail: run.reason ?? otherwise,
  href: `/${run.product}/runs/${run.id}`,
  run: run.id,
  at: toIso(run.completedAt ?? run.createdAt),
});

const machineNeeds = (sandbox: Machine['sandbox']): readonly Need[] =>
  sandbox.kind === 'ready'
    ? []
    : [
        {
          kind: 'machine',
          title: 'This machine cannot run code safely yet',
          detail: `${sandbox.reason} ${sandbox.next}`,
          href: null,
          run: null,
          at: null,
        },
      ];

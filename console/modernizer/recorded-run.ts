// A run as a journal has it, for the tests: a baseline, a plan, three trials, a question, its answer, a result.

import type { RunEvent } from 'kernel/protocol';
import type { EventData, EventKind } from 'modernizer/protocol';

const START_MS = Date.UTC(2026, 0, 1);
const GREEN = { kind: 'green', passed: 3, of: 3 } as const;
const BROKEN = { kind: 'broken', passed: 0, of: 1 } as const;

const recorded: { readonly kind: EventKind; readonly data: unknown }[] = [];
const record = <Kind extends EventKind>(kind: Kind, data: EventData<Kind>): void => void recorded.push({ kind, data });

const planned: Omit<EventData<'plan-made'>['upgrades'][number], 'name' | 'fromRange' | 'toRange' | 'from' | 'to'> = {
  kind: 'dependencies',
  step: 'major',
  risk: 'medium',
  reasons: ['A reason.'],
  raisesEngines: null,
};
const finished: Pick<EventData<'trial-finished'>, 'answeredBy' | 'sameAs' | 'levels' | 'tests' | 'evidence'> = {
  answeredBy: 'trial',
  sameAs: null,
  levels: [],
  tests: null,
  evidence: 'evidence/t',
};

record('run-started', {
  project: '/projects/shop',
  name: 'shop',
  origin: 'path',
  options: {
    tests: null,
    start: null,
    engines: 'maintained',
    maxMinutes: 30,
    includeUncommitted: false,
    unsafeHost: false,
  },
  sandbox: { backEnd: 'bubblewrap', unsafe: false, detail: '' },
  versions: { tandem: '0.1.0', node: '24.21.0', npm: '11.21.2' },
});
record('agent-started', { agent: 'planner' });
record('plan-made', {
  upgrades: [
    { ...planned, name: 'chalk', fromRange: '^4.0.0', toRange: '^5.0.0', from: '4.1.2', to: '5.6.0' },
    {
      ...planned,
      name: 'ms',
      fromRange: '^2.0.0',
      toRange: '^3.0.0',
      from: '2.1.3',
      to: '3.0.0',
      risk: 'low',
      step: 'minor',
    },
  ],
  leftAlone: [],
  risk: 'medium',
  signals: [],
});
record('agent_completed', { agent: 'planner', summary: 'Two upgrades in order.' });
record('agent-started', { agent: 'validator' });
record('trial-started', { trial: 't1', number: 1, purpose: 'baseline', upgrades: [], expectedMs: null });
record('trial-finished', { ...finished, trial: 't1', verdict: GREEN, level: 4, summary: 'Green.', wallMs: 10_000 });
record('baseline-judged', { kind: 'green', level: 4, flaky: [], verdict: GREEN, label: 'Its tests are green.' });
record('progress', { phase: 'Trying one by one', trialsDone: 1, trialsExpected: 3, remainingMs: 40_000 });
record('trial-started', { trial: 't2', number: 2, purpose: 'one-more', upgrades: ['chalk'], expectedMs: 10_000 });
record('trial-step', { trial: 't2', step: 'test', run: 2 });
record('trial-finished', { ...finished, trial: 't2', verdict: BROKEN, level: 2, summary: 'Broken.', wallMs: 5_000 });
record('upgrade-refused', {
  name: 'chalk',
  to: '5.6.0',
  verdict: BROKEN,
  cause: 'It became an ES module: `require` fails.',
  where: ['index.js:3'],
  trial: 't2',
  evidence: 'evidence/t2',
  diagnosis: {
    cause: {
      kind: 'named',
      symbol: 'chalk.red',
      change: 'no-longer-callable',
      before: '(text: string) => string',
      after: 'Namespace',
      renamedTo: null,
      sites: [{ file: 'index.js', line: 3, column: 7, text: "console.log(chalk.red('no'));" }],
      proof: 'log-and-difference',
      printed: 'chalk.red is not a function',
    },
    difference: {
      source: 'types',
      changed: 12,
      used: [
        {
          symbol: 'chalk.level',
          change: 'signature',
          before: 'number',
          after: '0 | 1',
          renamedTo: null,
          sites: [{ file: 'level.js', line: 9, column: 1, text: null }],
          uses: 4,
        },
      ],
      usedInAll: 3,
    },
    package: ['It asks for Node >=12.'],
    changelog: null,
    uses: 5,
    logged: [],
    unknown: ['What its makers say of it is not known: its archive holds no changelog.'],
  },
});
record('trial-started', { trial: 't3', number: 3, purpose: 'one-more', upgrades: ['ms'], expectedMs: null });
record('trial-finished', {
  ...finished,
  trial: 't3',
  verdict: GREEN,
  level: 4,
  answeredBy: 'same-tree',
  sameAs: 't1',
  summary: 'The same tree.',
  wallMs: 0,
});
record('upgrade-kept', { name: 'ms', to: '3.0.0', verdict: GREEN, trial: 't3' });
record('agent_completed', { agent: 'validator', summary: 'One of two is green.' });
record('agent-started', { agent: 'analyzer' });
record('agent_completed', { agent: 'analyzer', summary: 'A cause was found.' });
record('decision-asked', {
  id: 'd1',
  question: 'Keep ms 3?',
  why: 'Two ways are green.',
  options: [
    { id: 'yes', label: 'Keep it', detail: 'As tried.' },
    { id: 'no', label: 'Leave it', detail: 'As it was.' },
  ],
  defaultOption: 'yes',
  trials: ['t3', 'unknown'],
});
record('decision-made', { id: 'd1', option: 'yes', by: 'the owner' });
record('agent-started', { agent: 'deployer' });
record('deployment_complete', {
  branch: 'tandem/r1',
  repository: '/home/runs/r1/repository',
  commits: [{ hash: '0123456789abcdef', subject: 'Upgrade ms to 3.0.0', upgrade: 'ms' }],
  fetchLine: 'git fetch /home/runs/r1/repository tandem/r1',
  report: 'report.html',
});
record('agent_completed', { agent: 'deployer', summary: 'One commit.' });
record('run-finished', { status: 'done', reason: null, next: null });

/** The whole journal, from its first event to its last. */
export const RECORDED: readonly RunEvent[] = recorded.map(({ kind, data }, index) => ({
  run: 'r1',
  seq: index + 1,
  at: new Date(START_MS + index * 1000).toISOString(),
  kind,
  data,
}));

/** The journal up to and with the first event of this kind. */
export const upTo = (kind: EventKind): readonly RunEvent[] =>
  RECORDED.slice(0, RECORDED.findIndex((event) => event.kind === kind) + 1);

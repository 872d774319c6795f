import type { ProjectSummary } from 'modernizer/protocol';
import { expect, test } from 'vitest';

import { comparedRuns, comparisonText, figuresOf, shownLines, siblingsOf } from './compare-state.ts';
import {
  againOf,
  canStartAgain,
  comparedOf,
  placeText,
  projectCount,
  shownProjects,
  sharesOf,
  sharesText,
} from './projects-state.ts';
import {
  checkSchedule,
  emptySchedule,
  isZone,
  outcomeText,
  recurrenceOf,
  untilText,
  wallText,
} from './schedules-state.ts';

const AT = '2026-01-01T00:00:00.000Z';
const outcome = (run: string) => ({ run, status: 'done' as const, reason: null, startedAt: AT, completedAt: AT });
const project = (key: string, parts: Partial<ProjectSummary> = {}): ProjectSummary => ({
  key,
  title: key,
  project: { kind: 'path', path: `/${key}` },
  options: { tests: 'npm run unit', start: null, engines: 'declared', maxMinutes: 5, includeUncommitted: false },
  last: { ...outcome('r2'), kept: 2, refused: 1, open: 0, waits: 0 },
  history: [outcome('r2'), outcome('r1')],
  schedule: null,
  ...parts,
});
const waiting = project('waiting', {
  last: { ...outcome('r9'), status: 'needs-person', kept: 0, refused: 0, open: 3, waits: 1 },
  history: [outcome('r9')],
});
const planned = project('planned', { schedule: { id: 's', text: 'every day', paused: false, nextAt: AT } });
const ALL = [project('plain'), waiting, planned];

test('each filter shows its projects', () => {
  const names = (filter: Parameters<typeof shownProjects>[1]) => shownProjects(ALL, filter).map(({ key }) => key);
  expect(names('all')).toHaveLength(3);
  expect(names('waiting')).toEqual(['waiting']);
  expect(names('scheduled')).toEqual(['planned']);
  expect(names('unscheduled')).toEqual(['plain', 'waiting']);
  expect(projectCount(ALL, 'running')).toBe(0);
  expect(shownProjects(ALL, 'all', '/PLAN').map(({ key }) => key)).toEqual(['planned']);
  expect(shownProjects(ALL, 'waiting', 'plain')).toEqual([]);
});

test('a project is started again as it was asked last, and only when it is not at work or waiting', () => {
  expect(againOf(project('a'))).toMatchObject({
    project: { path: '/a' },
    options: { tests: 'npm run unit', maxMinutes: 5 },
  });
  expect([canStartAgain(project('a')), canStartAgain(waiting)]).toEqual([true, false]);
  expect(placeText({ kind: 'sample', spec: 'ms@2.0.0' })).toBe('ms@2.0.0');
});

test('what came of a run is said in numbers that divide it', () => {
  expect(sharesOf({ kept: 2, refused: 1, open: 1 }).map(({ share }) => share)).toEqual([0.5, 0.25, 0.25]);
  expect(sharesOf({ kept: 0, refused: 0, open: 0 })).toEqual([]);
  expect(sharesText({ kept: 2, refused: 1, open: 0 })).toBe('2 kept, 1 refused');
  expect(sharesText({ kept: 0, refused: 0, open: 0 })).toBe('no upgrade');
});

test('runs are compared with the one before, unless the address names others', () => {
  expect(comparedOf(project('a'))).toEqual({ a: 'r1', b: 'r2' });
  expect(comparedOf(waiting)).toBeNull();
  expect(comparedRuns({}, ALL)).toEqual({ a: 'r1', b: 'r2' });
  expect(comparedRuns({ b: 'r1' }, ALL)).toEqual({ a: 'r1', b: 'r2' });
  expect(comparedRuns({ b: 'r2' }, ALL)).toEqual({ a: 'r1', b: 'r2' });
  expect(comparedRuns({ b: 'r9' }, ALL)).toBeNull();
  expect(comparedRuns({ a: 'x', b: 'y' }, [])).toEqual({ a: 'x', b: 'y' });
  expect(siblingsOf('r1', ALL).map(({ run }) => run)).toEqual(['r2', 'r1']);
});

const run = {
  run: 'r',
  project: '/a',
  status: 'done' as const,
  reason: null,
  startedAt: AT,
  baseline: 'green',
  kept: 2,
  refused: 3,
  trials: 9,
  trialsCached: 0,
  wallMs: 60_000,
  costMicroUsd: 0,
  versions: null,
};

test('a comparison says what grew and what shrank, and hides what is the same until it is asked for', () => {
  const figures = figuresOf({ a: run, b: { ...run, kept: 4, refused: 1, wallMs: 30_000 } });
  const change = (title: string) => figures.find((figure) => figure.title === title)?.change;
  expect([change('Kept'), change('Refused'), change('Time'), change('Trials run')]).toEqual([
    '+2',
    '−2',
    '−30 s',
    null,
  ]);
  const versions = { tandem: '1', node: '24.21.0', npm: '11' };
  const later = figuresOf({ a: { ...run, versions }, b: { ...run, versions: { ...versions, node: '26.0.0' } } });
  expect(later[0]).toEqual({ title: 'Node', a: '24.21.0', b: '26.0.0', change: 'another version' });
  expect(later[1]?.title).toBe('As it was before');
  const lines = [
    { name: 'x', kind: 'same' as const, a: null, b: null },
    { name: 'y', kind: 'state' as const, a: null, b: null },
  ];
  expect(shownLines(lines, false).map(({ name }) => name)).toEqual(['y']);
  expect(shownLines(lines, true)).toHaveLength(2);
  expect(comparisonText({ upgrades: lines })).toBe('1 of 2 upgrades came out differently.');
  expect(comparisonText({ upgrades: [] })).toBe('Neither run settled any upgrade.');
});

test('a schedule is sent only with a project, a day, a time and a zone; a known project as it was asked last', () => {
  const form = emptySchedule('UTC', 'plain');
  expect(checkSchedule(form, ALL)).toMatchObject({
    kind: 'ready',
    wanted: {
      project: { path: '/plain' },
      recurrence: { every: 'week', days: [1], at: '06:00' },
      options: { maxMinutes: 5 },
    },
  });
  const problem = (news: object) => {
    const checked = checkSchedule({ ...form, ...news }, ALL);
    return checked.kind === 'wrong' ? checked.problem.field : null;
  };
  expect(problem({ project: '' })).toBe('project');
  expect(problem({ project: '', path: '/other' })).toBeNull();
  expect(problem({ days: [] })).toBe('when');
  expect(problem({ at: '' })).toBe('when');
  expect(problem({ zone: ' ' })).toBe('zone');
  expect(recurrenceOf({ ...form, every: 'month', day: '31' })).toBeUndefined();
  expect(recurrenceOf({ ...form, every: 'day' })).toEqual({ every: 'day', at: '06:00', zone: 'UTC' });
});

test('times to come are said as people do, by the clock of their zone', () => {
  const at = (text: string) => untilText(Date.parse(text), Date.parse(AT));
  expect([at('2026-01-01T00:00:30Z'), at('2026-01-01T00:20:00Z'), at('2026-01-01T05:00:00Z')]).toEqual([
    'any moment',
    'in 20 min',
    'in 5 h',
  ]);
  expect([at('2026-01-02T03:00:00Z'), at('2026-01-05T00:00:00Z')]).toEqual(['in one day', 'in 4 days']);
  expect(wallText('2026-07-06T04:00:00Z', 'Europe/Berlin')).toContain('06:00');
  expect(wallText(AT, 'Mars/Base')).toBe(AT);
  expect(['Europe/Berlin', 'Europe/Ber', ''].map(isZone)).toEqual([true, false, false]);
});

test('what came of the last time is said, also when it was late or refused', () => {
  const last = { dueAt: AT, at: AT, run: null, reason: null };
  expect(outcomeText({ last: null })).toBeNull();
  expect(outcomeText({ last: { ...last, kind: 'started', madeUp: true } })).toContain('no server ran');
  expect(outcomeText({ last: { ...last, kind: 'refused', madeUp: false, reason: 'It is gone.' } })).toBe(
    'Not started. It is gone.',
  );
});

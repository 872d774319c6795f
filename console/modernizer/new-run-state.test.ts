import { Fault, type FaultKind } from 'kernel/basics';
import { expect, test } from 'vitest';

import { checkForm, EMPTY_FORM, problemOf, type NewRunForm } from './new-run-state.ts';

const check = (news: Partial<NewRunForm>): unknown => {
  const checked = checkForm({ ...EMPTY_FORM, ...news });
  return checked.kind === 'ready' ? checked.wanted : checked.problem.field;
};

test('an empty command means the own one of the project', () => {
  expect(check({ path: '  /projects/shop ', tests: ' ' })).toEqual({
    project: { kind: 'path', path: '/projects/shop' },
    options: { tests: null, start: null, engines: 'maintained', maxMinutes: 30, includeUncommitted: false },
  });
});

test('a sample is sent by its exact version', () => {
  expect(check({ from: 'sample', sample: 'ms@2.0.0', path: '/ignored' })).toMatchObject({
    project: { kind: 'sample', spec: 'ms@2.0.0' },
  });
});

test('bad input is told next to its field before anything is sent', () => {
  expect(check({ path: '   ' })).toBe('project');
  expect(check({ from: 'sample' })).toBe('project');
  for (const maxMinutes of ['', '0', '-5', 'soon', '1441', 'Infinity', '1e9']) {
    expect(check({ path: '/p', maxMinutes }), maxMinutes).toBe('maxMinutes');
  }
  expect(check({ path: 'x'.repeat(5000) })).toBe('form');
});

test('a refusal of the server stands next to the field it is about', () => {
  const fieldFor = (about: FaultKind, why = 'Because.'): string =>
    problemOf(new Fault('X', { what: 'What.', why, next: 'Next.', about })).field;
  expect(fieldFor({ kind: 'conflict' })).toBe('project');
  expect(fieldFor({ kind: 'wrong-use' })).toBe('project');
  expect(fieldFor({ kind: 'wrong-use' }, 'The input is wrong. options.maxMinutes: too big')).toBe('maxMinutes');
  expect(fieldFor({ kind: 'unavailable', service: 'workbench' })).toBe('form');
});

import { expect, test } from 'vitest';

import { Fault, toFault } from './fault.ts';

const parts = { what: 'The cup fell.', why: 'The table shook.', next: 'Sweep it up.' };

test('the message of a fault is what happened, why, and what to do next', () => {
  const fault = new Fault('CUP_FELL', parts);
  expect(fault.message).toBe('The cup fell. The table shook. Sweep it up.');
  expect(fault).toMatchObject({ ...parts, name: 'Fault', code: 'CUP_FELL' });
  expect(String(fault)).toBe('Fault: The cup fell. The table shook. Sweep it up.');
});

test('a fault is unexpected unless it says of what kind it is', () => {
  expect(new Fault('CUP_FELL', parts).about).toEqual({ kind: 'unexpected' });
  const about = { kind: 'sandbox', backEnd: 'namespaces' } as const;
  expect(new Fault('CUP_FELL', { ...parts, about }).about).toEqual(about);
});

test('a fault keeps its cause', () => {
  const cause = new Error('wind');
  expect(new Fault('CUP_FELL', { ...parts, cause }).cause).toBe(cause);
});

test('a fault that was thrown stays the same object', () => {
  const fault = new Fault('CUP_FELL', parts);
  expect(toFault(fault, 'Breakfast')).toBe(fault);
});

test('anything else that was thrown becomes an unexpected fault that names what was being done', () => {
  const cause = new TypeError('x is not a function');
  const fault = toFault(cause, 'Breakfast');
  expect(fault).toMatchObject({ code: 'UNEXPECTED', what: 'Breakfast failed.', why: 'x is not a function', cause });
  expect(fault.about.kind).toBe('unexpected');
  expect(fault.next).toContain('tandem doctor');
});

test.each([
  [new Error(''), 'It gave no reason.'],
  ['', 'It gave no reason.'],
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [null, 'null'],
])('the thrown value %j still gives a reason', (thrown, why) => {
  expect(toFault(thrown, 'Breakfast')).toMatchObject({ why, cause: thrown });
});

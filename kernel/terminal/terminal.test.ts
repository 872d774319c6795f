import { PassThrough } from 'node:stream';

import { expect, test } from 'vitest';

import { Fault, manualClock, Secret } from '../basics/index.ts';
import { exitCodeOf } from './exit-codes.ts';
import { createProgress, progressLine } from './progress.ts';
import { tableText } from './table.ts';
import { createTerminal } from './terminal.ts';

function spoken(options: { json?: boolean; isTTY?: boolean; env?: Record<string, string>; typed?: string } = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const isTTY = options.isTTY ?? false;
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(options.typed ?? '');
  const terminal = createTerminal({
    json: options.json ?? false,
    stdout: { write: (text) => out.push(text), isTTY },
    stderr: { write: (text) => err.push(text), isTTY, columns: 40 },
    stdin,
    env: options.env ?? {},
    clock: manualClock(),
  });
  return { terminal, out: () => out.join(''), err: () => err.join('') };
}
const fault = new Fault('X_BROKE', { what: 'X broke.', why: 'It fell.', next: 'Mend it.' });

test('with --json one document goes out and nothing else', () => {
  const { terminal, out } = spoken({ json: true });
  terminal.say('hello');
  terminal.table([['a', 'b']]);
  terminal.document({ runs: [] });
  expect(JSON.parse(out())).toEqual({ version: 1, runs: [] });
});

test('without --json people get text and no document', () => {
  const { terminal, out } = spoken();
  terminal.document({ runs: [] });
  terminal.say('hello');
  expect(out()).toBe('hello\n');
});

test('a fault says what, why and next with its code on standard error, and as a document with --json', () => {
  const { terminal, out, err } = spoken({ json: true });
  expect(terminal.fault(fault)).toBe(3);
  expect(err()).toBe('X broke. It fell.\nMend it.  [X_BROKE]\n');
  expect(JSON.parse(out())).toMatchObject({ version: 1, error: { code: 'X_BROKE', next: 'Mend it.' } });
});

test('each kind of fault has its exit code', () => {
  const codeOf = (about: Fault['about']): number => exitCodeOf(new Fault('A', { what: '', why: '', next: '', about }));
  expect(codeOf({ kind: 'wrong-use' })).toBe(2);
  expect(codeOf({ kind: 'not-found' })).toBe(2);
  expect(codeOf({ kind: 'conflict' })).toBe(1);
  expect(codeOf({ kind: 'unavailable', service: 'store' })).toBe(3);
});

test('no colour where nobody sees it or where it is not wanted', () => {
  const bold = spoken({ isTTY: true });
  bold.terminal.fault(fault);
  expect(bold.err()).toContain('\u001b[1m');
  for (const plain of [spoken({ isTTY: true, env: { NO_COLOR: '1' } }), spoken()]) {
    plain.terminal.fault(fault);
    expect(plain.err()).not.toContain('\u001b');
  }
});

test('secrets are not said, unless saying one is the purpose', () => {
  const secret = new Secret('t0psecret-terminal');
  const json = spoken({ json: true });
  json.terminal.document({ text: secret.reveal() });
  expect(json.out()).not.toContain('t0psecret');
  const given = spoken({ json: true });
  given.terminal.document({ token: secret.reveal() }, { givesSecret: true });
  expect(given.out()).toContain('t0psecret');
  const plain = spoken();
  plain.terminal.say(secret.reveal());
  plain.terminal.note(secret.reveal());
  plain.terminal.fault(new Fault('A', { what: secret.reveal(), why: '', next: '' }));
  expect(plain.out() + plain.err()).not.toContain('t0psecret');
});

const CHOICES = [
  { key: 'keep', text: 'Keep it' },
  { key: 'drop', text: 'Drop it' },
] as const;

test('a question takes its default at once where nobody can answer', async () => {
  const { terminal, err } = spoken();
  expect(await terminal.choose('Which?', CHOICES, 'keep')).toBe('keep');
  expect(err()).toContain('"keep" is taken');
});

test('a question is answered by number, by word, by Enter, or not at all', async () => {
  const check = async (typed: string, expected: string): Promise<void> => {
    expect(await spoken({ isTTY: true, typed }).terminal.choose('Which?', CHOICES, 'keep')).toBe(expected);
  };
  await check('2\n', 'drop');
  await check('drop\n', 'drop');
  await check('\n', 'keep');
  await check('', 'keep');
  await check('9\nwhat\n2\n', 'drop');
  await check('9\n9\n9\n2\n', 'keep');
});

test('progress is silent for a second, then says how far it is and how long it takes', async () => {
  const clock = manualClock();
  const lines: string[] = [];
  const progress = createProgress({ write: (text) => lines.push(text) }, clock);
  progress.update({ text: 'Trying a' });
  await clock.advance(2000);
  progress.update({ text: 'Trying b', done: 1, total: 5 });
  progress.update({ text: 'Trying b', done: 1, total: 5 });
  await clock.advance(5000);
  progress.update({ text: 'Trying b', done: 1, total: 5 });
  progress.end();
  expect(lines).toEqual(['Trying b (1 of 5, about 8.0 s left)\n', 'Trying b (1 of 5, about 28 s left)\n']);
});

test('progress on a terminal rewrites one line and takes it away at the end', async () => {
  const clock = manualClock();
  const lines: string[] = [];
  const progress = createProgress({ write: (text) => lines.push(text), isTTY: true, columns: 20 }, clock);
  await clock.advance(1500);
  progress.update({ text: 'A text that is longer than the terminal' });
  progress.end();
  expect(lines).toEqual(['\r\u001b[2KA text that is long', '\r\u001b[2K']);
});

test('an estimate is given only where there is ground for one', () => {
  expect(progressLine({ text: 'a' }, 5000)).toBe('a');
  expect(progressLine({ text: 'a', done: 0, total: 3 }, 5000)).toBe('a (0 of 3)');
  expect(progressLine({ text: 'a', leftMs: 90_000 }, 5000)).toBe('a (about 1 min 30 s left)');
});

test('columns line up as people see them', () => {
  expect(
    tableText([
      ['name', 'state'],
      ['naïve', 'ok'],
      ['e\u0301', 'ok'],
    ]),
  ).toBe('name   state\nnaïve  ok\ne\u0301      ok');
});

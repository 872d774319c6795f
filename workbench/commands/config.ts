// tandem config: every setting with its value and where it comes from, secrets masked.

import { countText } from 'kernel/basics';
import { EXIT, type ExitCode } from 'kernel/terminal';

import type { Shell } from './shell.ts';

export async function config(shell: Shell): Promise<ExitCode> {
  const { shown, notes } = shell.configuration();
  shell.terminal.document({ settings: shown, notes });
  const set = shown.filter(({ value }) => value !== null);
  const rows = set.map(({ variable, value, source }) => [variable, textOf(value), source]);
  shell.terminal.table([['setting', 'value', 'from'], ...rows]);
  const unset = shown.length - set.length;
  shell.terminal.say(`\n${countText(unset, 'setting')} not set; .env.example describes them all.`);
  for (const note of notes) shell.terminal.note(note);
  return EXIT.done;
}

const textOf = (value: string | number | readonly string[] | null): string =>
  Array.isArray(value) ? value.join(', ') || '(none)' : String(value);

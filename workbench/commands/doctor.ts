// tandem doctor: looks at everything Tandem needs here, and says what to mend.

import { EXIT, type ExitCode } from 'kernel/terminal';

import { examine, type Finding } from '../doctor/checks.ts';
import type { Shell } from './shell.ts';

const MARKS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;

export async function doctor(shell: Shell): Promise<ExitCode> {
  const configuration = shell.configuration();
  const findings = await examine(configuration);
  const healthy = findings.every((finding) => finding.state !== 'fail');
  shell.terminal.document({ healthy, checks: findings });
  for (const finding of findings) shell.terminal.say(textOf(finding));
  for (const note of configuration.notes) shell.terminal.note(note);
  return healthy ? EXIT.done : EXIT.negative;
}

function textOf({ name, state, what, why, next }: Finding): string {
  const lines = [`${MARKS[state]}  ${name.padEnd(9)} ${what}${why === null ? '' : ` ${why}`}`];
  if (next !== null) lines.push(`${' '.repeat(16)}${next}`);
  return lines.join('\n');
}

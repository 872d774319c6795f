// The form of a new run: what was typed, whether it can be sent, what is sent, and next to which field a refusal stands.

import type { Fault } from 'kernel/basics';
import { NewModernization, type Engines } from 'modernizer/protocol';

export interface NewRunForm {
  readonly from: 'path' | 'sample';
  readonly path: string;
  readonly sample: string;
  readonly tests: string;
  readonly start: string;
  readonly engines: Engines;
  readonly maxMinutes: string;
  readonly includeUncommitted: boolean;
}

export type NewRunField = 'project' | 'tests' | 'start' | 'maxMinutes' | 'form';

export const EMPTY_FORM: NewRunForm = {
  from: 'path',
  path: '',
  sample: '',
  tests: '',
  start: '',
  engines: 'maintained',
  maxMinutes: '30',
  includeUncommitted: false,
};

/** As far as the server goes too: a day. */
const MINUTES_MAX = 24 * 60;

export interface FieldProblem {
  readonly field: NewRunField;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

export type Checked =
  | { readonly kind: 'ready'; readonly wanted: NewModernization }
  | { readonly kind: 'wrong'; readonly problem: FieldProblem };

export function checkForm(form: NewRunForm): Checked {
  const project = form.from === 'path' ? form.path.trim() : form.sample;
  if (project === '') return wrong(form.from === 'path' ? NO_PATH : NO_SAMPLE);
  const maxMinutes = minutesIn(form.maxMinutes);
  if (maxMinutes === undefined) return wrong(WRONG_MINUTES);
  const parsed = NewModernization.safeParse({
    project: form.from === 'path' ? { kind: 'path', path: project } : { kind: 'sample', spec: project },
    options: {
      tests: textOrNull(form.tests),
      start: textOrNull(form.start),
      engines: form.engines,
      maxMinutes,
      includeUncommitted: form.includeUncommitted,
    },
  });
  return parsed.success ? { kind: 'ready', wanted: parsed.data } : wrong(TOO_LONG);
}

/** Undefined for what is no time limit. */
export function minutesIn(text: string): number | undefined {
  const minutes = Number(text);
  return text.trim() !== '' && minutes >= 1 && minutes <= MINUTES_MAX ? minutes : undefined;
}

/** Where a refusal of the server belongs: most are about the project, and say so by their code. */
export function problemOf(fault: Fault): FieldProblem {
  const { what, why, next } = fault;
  return { field: fieldOf(fault), what, why, next };
}

function fieldOf(fault: Fault): NewRunField {
  if (/options\.?tests/.test(fault.why)) return 'tests';
  if (/options\.?start/.test(fault.why)) return 'start';
  if (/maxMinutes/.test(fault.why)) return 'maxMinutes';
  const kind = fault.about.kind;
  return kind === 'wrong-use' || kind === 'conflict' || kind === 'not-found' || kind === 'not-allowed'
    ? 'project'
    : 'form';
}

const wrong = (problem: FieldProblem): Checked => ({ kind: 'wrong', problem });
export const textOrNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

const NO_PATH: FieldProblem = {
  field: 'project',
  what: 'There is no project to upgrade yet.',
  why: 'The path is empty.',
  next: 'Give the path of a folder on the machine Tandem runs on that holds a package.json.',
};
const NO_SAMPLE: FieldProblem = {
  field: 'project',
  what: 'There is no project to upgrade yet.',
  why: 'No sample is chosen.',
  next: 'Choose one of the samples, or give the path of a project of yours.',
};
export const WRONG_MINUTES: FieldProblem & { readonly field: 'maxMinutes' } = {
  field: 'maxMinutes',
  what: 'The time limit cannot be used.',
  why: `It has to be a number of minutes from 1 to ${MINUTES_MAX}.`,
  next: 'Thirty minutes are enough for most projects.',
};
const TOO_LONG: FieldProblem = {
  field: 'form',
  what: 'The run cannot be started like this.',
  why: 'A path or a command is longer than the server takes.',
  next: 'Put a long command into a script of the project and name the script.',
};

export const ENGINE_CHOICES: readonly { readonly id: Engines; readonly label: string; readonly detail: string }[] = [
  {
    id: 'maintained',
    label: 'Maintained releases',
    detail:
      'A declared Node release that nobody maintains any more counts as the oldest that is. What raises the floor is marked.',
  },
  {
    id: 'declared',
    label: 'As declared, strictly',
    detail: 'Refuses every upgrade that needs a newer Node than your package.json declares.',
  },
  { id: 'ignore', label: 'Look away', detail: 'Takes upgrades whatever Node they ask for. Only the tests decide.' },
];

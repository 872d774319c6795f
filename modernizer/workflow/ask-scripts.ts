// Asks a person whether install scripts that were not run may run, and says whose were allowed so far.
// Rule: nothing of it runs before a person said so, for this project and by name; who is not asked has the default, no.
// Rule: only those are asked about that the log of what was red names: many install scripts make nothing that is missing.
// Decision 0010 says why this is asked before it is tried. Remembering: ../intake/allowed-scripts.ts.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { countText } from 'kernel/basics';

import type { Decision, DecisionView } from '../protocol/index.ts';
import { LOG_NAME } from '../validating/trial-folder.ts';
import type { Execution } from './execution.ts';
import { evidenceOf } from './run-folder.ts';
import { trialId } from './trial-question.ts';

interface Asking {
  /** Packages whose install scripts were not run. */
  readonly names: readonly string[];
  /** What may be red for want of them, in sentences. */
  readonly why: string;
  /** The trials that were red. */
  readonly trials: readonly string[];
}

/** Nobody answers for more at once; as many as a run may be given by --allow-scripts. */
const NAMES_MAX = 50;
const NAMES_SHOWN = 5;
/** With more, one by one is no answer but a list. */
const SINGLE_OPTIONS_MAX = 4;
const REFUSE_OPTION = 'no';
const ALLOW_OPTION = 'allow';

/** Of packages, those of which the log of a trial names a file. */
export async function namedInLog(execution: Execution, trial: string, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const file = join(execution.folder.root, evidenceOf(trial), LOG_NAME);
  const log = await readFile(file, 'utf8').catch(() => '');
  return names.filter((name) => log.includes(`node_modules/${name}/`));
}

/** The question, told in the journal; null where nobody can be asked, or was asked already, or there is nothing to ask. */
export async function askScripts(execution: Execution, asking: Asking): Promise<Decision | null> {
  const { record, run, input, alone } = execution;
  if (asking.names.length === 0 || input.unasked === true || alone === true || execution.signals.any.aborted)
    return null;
  const decision = scriptsDecision(asking, trialId(`scripts\u0000${run}\u0000${asking.trials.join(' ')}`));
  const asked = record.view().decisions.find(({ id }) => id === decision.id);
  // Answered: whoever said no is not asked again. Not yet: a process died between telling it and waiting for the answer.
  if (asked?.answer != null) return null;
  if (asked === undefined) await record.emit('decision-asked', decision);
  return decision;
}

export function scriptsDecision({ names: all, why, trials }: Asking, id: string): Decision {
  const names = all.slice(0, NAMES_MAX);
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  const more = names.length - Math.min(names.length, NAMES_SHOWN);
  const whose = more > 0 ? `${shown} and ${more} more` : shown;
  const single = names.length > 1 && names.length <= SINGLE_OPTIONS_MAX ? names : [];
  const allows: Record<string, string[]> = { [ALLOW_OPTION]: [...names] };
  for (const name of single) allows[`${ALLOW_OPTION}:${name}`] = [name];
  return {
    id,
    question: `May the install scripts of ${whose} run for this project?`,
    why: `${why} The install scripts of ${countText(names.length, 'package')} were not run; what one of them makes may be what is missing.`,
    options: [
      { id: REFUSE_OPTION, label: 'No', detail: 'Nothing of them runs, and it stays as it is.' },
      {
        id: ALLOW_OPTION,
        label: names.length === 1 ? 'Allow it' : 'Allow all of them',
        detail: `${names.join(', ')}: in the sandbox, without a network, in this run and later ones of this project.`,
      },
      ...single.map((name) => ({
        id: `${ALLOW_OPTION}:${name}`,
        label: `Allow ${name} only`,
        detail: 'The others do not run.',
      })),
    ],
    defaultOption: REFUSE_OPTION,
    trials: [...trials],
    allows,
  };
}

/** Whose install scripts a person allowed in this run, by name. */
export function allowedIn(decisions: readonly DecisionView[]): readonly string[] {
  const names = decisions.flatMap(({ allows, answer }) => (answer === null ? [] : (allows?.[answer.option] ?? [])));
  return [...new Set(names)].sort();
}

/** The execution as the answers given so far would have it asked. */
export function withAllowed(execution: Execution): Execution {
  const allowed = allowedIn(execution.record.view().decisions);
  if (allowed.length === 0) return execution;
  const { input } = execution;
  const allowScripts = [...new Set([...(input.options.allowScripts ?? []), ...allowed])].sort();
  return { ...execution, input: { ...input, options: { ...input.options, allowScripts } } };
}

// tandem decide RUN DECISION OPTION: answers an open decision of a run.

import { EXIT, type ExitCode, type Terminal } from 'kernel/terminal';

import type { Modernizer } from '../workflow/modernizer.ts';

export interface DecideContext {
  readonly modernizer: Modernizer;
  readonly terminal: Terminal;
  readonly owner: string;
}

export interface DecideArguments {
  readonly run: string;
  readonly decision: string;
  readonly option: string;
}

export async function decide(
  { modernizer, terminal, owner }: DecideContext,
  given: DecideArguments,
): Promise<ExitCode> {
  const run = await modernizer.find(given.run);
  await modernizer.answer(run.id, given.decision, given.option, owner);
  terminal.document({ run: run.id, decision: given.decision, option: given.option });
  terminal.say(`Decided. Go on with: npx tandem modernize --resume ${run.id}`);
  return EXIT.done;
}

// tandem modernize and tandem decide: the Modernizer at a terminal, in this process, beside a server or without one.

import { ALL_OPTIONS, decide as decideOn, createModernizer, modernize as modernizeWith } from 'modernizer';
import type { ExitCode } from 'kernel/terminal';

import { tandemVersion } from '../machine.ts';
import { modernizerPorts } from '../mount-modernizer.ts';
import type { Workbench } from '../open-workbench.ts';
import type { Shell } from './shell.ts';
import { join } from 'node:path';

/** Commands act as whoever may open the files of this home: its owner. */
export const OWNER = 'owner';

/** How a project is upgraded, of a run and of a schedule. */
export interface OptionFlags {
  readonly tests?: string;
  readonly start?: string;
  readonly engines?: string;
  readonly maxMinutes?: string;
  readonly allowScripts?: string;
  readonly packageManager?: string;
  readonly includeUncommitted?: boolean;
}

export interface ModernizeFlags extends OptionFlags {
  readonly resume?: string;
  readonly report?: string;
  readonly branch?: string;
  readonly unsafeHost?: boolean;
  readonly only?: string;
  readonly input?: string;
}

export function modernize(shell: Shell, path: string | undefined, flags: ModernizeFlags): Promise<ExitCode> {
  return withModernizer(shell, (modernizer, { journal }) =>
    modernizeWith(
      {
        modernizer,
        journal,
        terminal: shell.terminal,
        folder: shell.folder,
        owner: OWNER,
        down: shell.ending,
        interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
      },
      {
        path,
        branch: flags.branch,
        resume: flags.resume,
        report: flags.report,
        only: flags.only,
        input: flags.input,
        options: optionsOf(flags),
      },
    ),
  );
}

export const decide = (shell: Shell, run: string, decision: string, option: string): Promise<ExitCode> =>
  withModernizer(shell, (modernizer) =>
    decideOn({ modernizer, terminal: shell.terminal, owner: OWNER }, { run, decision, option }),
  );

/** Only what was given: the rest has its defaults in the schema. An empty command is the project's own. */
export function optionsOf(flags: OptionFlags): Record<string, unknown> {
  const given = {
    ...flags,
    tests: flags.tests === '' ? null : flags.tests,
    start: flags.start === '' ? null : flags.start,
    maxMinutes: flags.maxMinutes === undefined ? undefined : Number(flags.maxMinutes),
    allowScripts: flags.allowScripts?.split(',').map((name) => name.trim()),
  };
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => ALL_OPTIONS.includes(name) && value !== undefined),
  );
}

export function withModernizer(
  shell: Shell,
  work: (modernizer: ReturnType<typeof createModernizer>, workbench: Workbench) => Promise<ExitCode>,
): Promise<ExitCode> {
  const configuration = shell.configuration();
  const { home, registry } = configuration;
  return shell.withWorkbench(configuration, async (workbench) => {
    await workbench.work.markInterrupted();
    const sandbox = { registry, scratch: join(home, 'sandbox') };
    const ports = modernizerPorts({ ...workbench, home, registry, sandbox, tandemVersion: tandemVersion() });
    return work(createModernizer(ports), workbench);
  });
}

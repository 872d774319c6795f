// What every command stands on: its folder, its settings, its terminal, and the end of the process.

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

import { createTerminal, type ExitCode, type Output, type Terminal } from 'kernel/terminal';
import { createLog, type Log } from 'kernel/telemetry';

import { loadConfiguration, type Configuration } from '../configuration/configuration.ts';
import { trustNpmCertificates } from '../configuration/npm-certificates.ts';
import { folderMissing } from '../faults.ts';
import type { Workbench } from '../open-workbench.ts';

export interface ShellInput {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout?: Output;
  readonly stderr?: Output;
}

export interface Shell {
  readonly folder: string;
  readonly terminal: Terminal;
  /** Aborts on SIGINT or SIGTERM. */
  readonly ending: AbortSignal;
  configuration(flags?: Readonly<Record<string, unknown>>): Configuration;
  log(configuration: Configuration): Log;
  /** Opens the store and what stands on it, and closes it again. */
  withWorkbench<Result>(configuration: Configuration, work: (workbench: Workbench) => Promise<Result>): Promise<Result>;
}

export interface GlobalOptions {
  readonly json?: boolean;
  /** -C. */
  readonly C?: string;
}

export type Action = (shell: Shell) => Promise<ExitCode>;

export function createShell(input: ShellInput, { json = false, C: given }: GlobalOptions, ending: AbortSignal): Shell {
  const folder = resolve(input.folder, given ?? '.');
  if (!existsSync(folder)) throw folderMissing(folder);
  return {
    folder,
    ending,
    terminal: terminalOf(input, json),
    configuration(flags = {}) {
      const configuration = loadConfiguration({ folder, env: input.env, flags });
      trustNpmCertificates(configuration.registry, process.env);
      return configuration;
    },
    log: ({ logLevel }) =>
      createLog({ level: logLevel, ...(input.stderr === undefined ? {} : { output: input.stderr }) }),
    async withWorkbench(configuration, work) {
      const { openWorkbench } = await import('../open-workbench.ts');
      const workbench = await openWorkbench(configuration);
      try {
        return await work(workbench);
      } finally {
        await workbench.store.close();
      }
    },
  };
}

export const terminalOf = ({ stdout, stderr, env }: ShellInput, json: boolean): Terminal =>
  createTerminal({
    json,
    env,
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
  });

// What every agent of one execution works with, and the ways in which an execution is told to end.
// Rule: each way to end is a signal of its own, so that a stopped trial knows why it was stopped.

import { retryRowFor, toFault, type Fault, type RunId } from 'kernel/basics';
import { removeTree, type Sandbox } from 'kernel/sandbox';

import type { Git } from '../ecosystems/git.ts';
import type { Registry } from '../ecosystems/npm/registry.ts';
import { diskFull, registryDown } from '../faults.ts';
import type { ModernizeOptions, ProjectChoice } from '../protocol/index.ts';
import type { ProjectCopy } from './copy-project.ts';
import type { ModernizerPorts } from './ports.ts';
import { RunLost, type RunRecorder } from './record.ts';
import type { RunFolder } from './run-folder.ts';
import type { Trees } from './trees.ts';

export interface RunInput {
  readonly project: ProjectChoice;
  readonly options: ModernizeOptions;
  /** Who goes on with it after a restart: the server, or the command that began it. */
  readonly startedBy: 'server' | 'command';
  /** The schedule that asked for it, and the time at which it was due; absent for what a person began. */
  readonly schedule?: ScheduledFor;
  /** Nobody is there to be asked whether install scripts may run: what was not allowed before is not run. */
  readonly unasked?: boolean;
}

export interface ScheduledFor {
  readonly id: string;
  /** ISO-8601. */
  readonly dueAt: string;
}

export interface Signals {
  /** A person asked for the run to end. */
  readonly stopped: AbortSignal;
  /** The run's time is used up. */
  readonly deadline: AbortSignal;
  /** The lease was lost, or this process is going down: whoever comes next goes on. */
  readonly abandoned: AbortSignal;
  /** Any of them. */
  readonly any: AbortSignal;
}

export interface Execution {
  readonly ports: ModernizerPorts;
  readonly run: RunId;
  readonly input: RunInput;
  readonly record: RunRecorder;
  readonly folder: RunFolder;
  readonly git: Git;
  readonly registry: Registry;
  readonly sandbox: Sandbox;
  readonly trees: Trees;
  readonly signals: Signals;
  /** One agent works without the others: there is no gate at which a person could be asked. */
  readonly alone?: boolean;
}

/** Thrown through the workflow when the process has to let go of the run. Never shown to a person. */
export class RunAbandoned extends Error {
  override readonly name = 'RunAbandoned';
}

/** Why a piece of work that was stopped was stopped. `abandoned` is thrown: nobody here goes on. */
export function endedBy(signals: Signals): 'stopped' | 'deadline' {
  if (signals.abandoned.aborted) throw new RunAbandoned('This process lets go of the run.');
  return signals.stopped.aborted ? 'stopped' : 'deadline';
}

/** The hash of the project's files as git names it: equal for equal content. */
export async function contentsOf({ git }: Execution, { repository, prefix, baseCommit }: ProjectCopy): Promise<string> {
  return (await git(['-C', repository, 'rev-parse', `${baseCommit}:${prefix}`])).trim();
}

/** Runs sandboxed work again after a failure of the sandbox itself, as often as the retry table says. */
export async function withSandboxRetries<Result>(work: () => Promise<Result>, cleanUp: string): Promise<Result> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof RunLost || error instanceof RunAbandoned) throw error;
      const fault = asRunFault(error, cleanUp);
      if (fault.about.kind !== 'sandbox' || tries >= retryRowFor(fault.about).retriesMax) throw fault;
      await removeTree(cleanUp);
    }
  }
}

/** What the system said, as a fault a person can act on. */
export function asRunFault(error: unknown, place: string): Fault {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')) {
    return diskFull(place, error);
  }
  return toFault(error, 'The modernization');
}

/** A resolver failure that says nothing about an upgrade: the machine or the registry is at fault. */
export function environmentFault(
  resolver: { readonly kind: string; readonly sentence: string } | null,
  execution: Pick<Execution, 'folder' | 'registry'>,
): Fault | undefined {
  if (resolver?.kind === 'disk-full') return diskFull(execution.folder.root, undefined);
  if (resolver?.kind === 'registry-down')
    return registryDown(execution.registry.url, resolver.sentence.replace(/\.$/, ''));
  return undefined;
}

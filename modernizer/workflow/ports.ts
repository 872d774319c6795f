// What the Modernizer is given by the workbench; it reads no configuration and starts nothing by itself.

import type { Clock, Secret } from 'kernel/basics';
import type { Journal } from 'kernel/journal';
import type { Sandbox } from 'kernel/sandbox';
import type { Store } from 'kernel/store';
import type { Work } from 'kernel/work';

export interface ModernizerPorts {
  readonly store: Store;
  readonly journal: Journal;
  readonly work: Work;
  readonly clock: Clock;
  /** TANDEM_HOME. */
  readonly home: string;
  /** Base address of the npm registry. */
  readonly registry: string;
  /** The value of its Authorization header, where it wants one. */
  readonly registryAuthorization: Secret | null;
  readonly versions: { readonly tandem: string; readonly node: string; readonly npm: string };
  /** Who this process is, as the holder of leases. */
  readonly holder: string;
  /** Opens a sandbox for one run. `unsafeHost` only when a person asked for it on the command line. */
  openSandbox(run: string, unsafeHost: boolean): Promise<SandboxOpening>;
  /** How many trials may run at once on this machine, over all processes. */
  readonly trialsAtOnce: number;
}

export type SandboxOpening =
  | { readonly kind: 'ready'; readonly sandbox: Sandbox }
  | { readonly kind: 'refused'; readonly reason: string; readonly next: string };

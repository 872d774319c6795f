// What this machine is: versions, store, registry, sandbox. For the console, the doctor and the evidence of runs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SandboxProbe } from 'kernel/sandbox';
import type { Dialect } from 'kernel/store';

import type { Machine } from './protocol/index.ts';

/** The folder of this checkout. */
export const CHECKOUT = join(import.meta.dirname, '..');

export const tandemVersion = (): string => versionIn(join(CHECKOUT, 'workbench', 'package.json')) ?? 'unknown';

/** The npm that the sandbox uses: the pinned one. */
export const npmVersion = (): string | undefined => versionIn(join(CHECKOUT, 'node_modules', 'npm', 'package.json'));

function versionIn(manifest: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: unknown };
    return typeof version === 'string' ? version : undefined;
  } catch {
    // Not installed, or not readable: the doctor says so.
    return undefined;
  }
}

export function machineOf(store: Dialect, registry: string, probe: SandboxProbe): Machine {
  return {
    tandem: tandemVersion(),
    node: process.version,
    npm: npmVersion() ?? 'missing',
    store,
    registry: withoutPassword(registry),
    sandbox:
      probe.kind === 'refused'
        ? { kind: 'refused', reason: probe.reason, next: probe.next }
        : { kind: 'ready', backEnd: probe.confinement.backEnd, detail: confinementText(probe.confinement) },
  };
}

const confinementText = ({
  memory,
  processes,
  network,
  unsafe,
}: Extract<SandboxProbe, { kind: 'ready' }>['confinement']) =>
  unsafe ? 'nothing is confined' : `memory by ${memory}, processes by ${processes}, network ${network}`;

export function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.username = '';
  parsed.password = '';
  return parsed.href;
}

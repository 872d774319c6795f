// Whether this machine can confine code. The answer costs a process or two, so it is kept for a while.

import type { Clock } from 'kernel/basics';
import { probeSandbox, type SandboxProbe, type SandboxSettings } from 'kernel/sandbox';

/** Installing bubblewrap should show soon after. */
const KEPT_MS = 30_000;

export function keptProbe(settings: SandboxSettings, clock: Clock): () => Promise<SandboxProbe> {
  let kept: { readonly at: number; readonly probe: Promise<SandboxProbe> } | undefined;
  return () => {
    if (kept === undefined || clock.now() - kept.at > KEPT_MS)
      kept = { at: clock.now(), probe: probeSandbox(settings) };
    return kept.probe;
  };
}

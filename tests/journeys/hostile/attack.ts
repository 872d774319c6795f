// What a hostile project is: the attack, and how one knows on the host that it failed.
// Rule: an attack may only ever harm what its own ground made. It names its victim by number and opens without
// writing, because the control runs it without any sandbox, as the user who runs the journeys.

import type { Job, Outcome } from 'kernel/sandbox';
import type { FixturePackage } from '../../loopback-registry/index.ts';
import type { Ground } from './ground.ts';

export interface Attack {
  readonly name: string;
  /** What it tries, in one sentence. */
  readonly tries: string;
  readonly phase?: Job['phase'];
  /** Files of the hostile project. */
  files?(ground: Ground): Readonly<Record<string, string>>;
  /** Packages on the registry of this attack. */
  readonly packages?: readonly FixturePackage[];
  argv(ground: Ground): Job['argv'];
  /** Trees that it shares with the trial after it, each through a layer of its own; `nth` counts the trials. */
  layers?(ground: Ground, nth: number): Job['layers'];
  /** Run after it in the same sandbox, as the next trial is: what this one sees is what counts. */
  later?(ground: Ground): Job['argv'];
  /** How it may end in the sandbox. */
  readonly ends: readonly Outcome['kind'][];
  readonly wallMs?: number;
  /** What got through, in words; null when nothing did. */
  escaped(ground: Ground, outcome: Outcome): string | null | Promise<string | null>;
  /** Run without a sandbox the same check must see the escape. Null, with the reason, where that would do harm. */
  readonly control: { readonly kind: 'detects' } | { readonly kind: 'none'; readonly why: string };
}

export const detects = { kind: 'detects' } as const;
export const none = (why: string) => ({ kind: 'none', why }) as const;
export const shell = (script: string): Job['argv'] => ['sh', '-c', script];

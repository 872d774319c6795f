// The test files that upgrades may break, as a command of their own: where a suite is slow they are run first, and when
// they are red the rest need not be. Pure.
// Rule: it is a shortcut to red only. What is green there says nothing, and the whole suite judges.

import type { Manifest } from '../../ecosystems/npm/manifest.ts';
import { narrowable } from './narrow-command.ts';
import { reaching, type Sources } from './reach.ts';

export interface AffectedTests {
  readonly command: string;
  readonly files: number;
  readonly of: number;
}

export interface AskedFor {
  readonly sources: Sources;
  /** Paths of other files, among them whatever tells a runner which tests there are. */
  readonly others: readonly string[];
  readonly manifest: Pick<Manifest, 'scripts'> & { readonly text: string };
  /** What the suite is run by, such as `npm test`. */
  readonly command: string;
  /** Names of the packages that are upgraded. */
  readonly packages: readonly string[];
}

/** More than this share of a suite is no shortcut. */
const WORTH_SHARE = 0.5;
const OWN_SCRIPT = /^(?:npm|pnpm|yarn)(?: run)? test$/;
/** Files in which a runner is told which tests there are. */
export const CONFIGURED_DEEP = ['test/mocha.opts', 'spec/support/jasmine.json'] as const;
const CONFIGURED: Readonly<Record<string, RegExp>> = {
  mocha: /^(?:\.mocharc\.\w+|test\/mocha\.opts)$/,
  jest: /^jest\.config\.\w+$/,
  vitest: /^vite(?:st)?\.(?:config|workspace)\.\w+$/,
  ava: /^ava\.config\.\w+$/,
  tap: /^\.taprc$/,
  jasmine: /^spec\/support\/jasmine\.json$/,
};

/** Null where nothing would be won, or where the command is not understood. */
export function affectedTests({ sources, others, manifest, command, packages }: AskedFor): AffectedTests | null {
  const isOwn = OWN_SCRIPT.test(command.trim());
  const { scripts } = manifest;
  // What runs before the tests belongs to them.
  if (isOwn && (scripts['pretest'] !== undefined || scripts['posttest'] !== undefined)) return null;
  const script = isOwn ? (scripts['test'] ?? '') : command;
  const files = [...sources.keys()];
  const fields = JSON.parse(manifest.text) as Readonly<Record<string, unknown>>;
  const isConfigured = (runner: string): boolean =>
    fields[runner] !== undefined || [...files, ...others].some((file) => CONFIGURED[runner]?.test(file) === true);
  const narrowed = narrowable({ script, files, isConfigured });
  if (narrowed === null) return null;
  const affected = reaching(sources, narrowed.tests, packages);
  if (affected.length === 0 || affected.length > narrowed.tests.length * WORTH_SHARE) return null;
  return { command: narrowed.commandFor(affected), files: affected.length, of: narrowed.tests.length };
}

// What a person asks of the Modernizer.

import * as z from 'zod/mini';

import { Engines } from './upgrade.ts';

export const InstallerChoice = z.enum(['npm', 'pnpm', 'yarn']);
export type InstallerChoice = z.infer<typeof InstallerChoice>;

export const ModernizeOptions = z.object({
  /** The command that tests the project; null: its own `npm test`. */
  tests: z._default(z.nullable(z.string().check(z.maxLength(500))), null),
  /** The command that starts it for the health check; null: its `start` script, if it has one. */
  start: z._default(z.nullable(z.string().check(z.maxLength(500))), null),
  engines: z._default(Engines, 'maintained'),
  /** The whole run ends by then with what it has. */
  maxMinutes: z._default(z.number().check(z.minimum(1), z.maximum(24 * 60)), 30),
  /** Packages whose install scripts may run, in the sandbox and without a network; remembered for the project. */
  allowScripts: z.optional(
    z.array(z.string().check(z.regex(/^(?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i))).check(z.maxLength(50)),
  ),
  /** The package manager to install with, where a project has lockfiles of several; else as the project says. */
  packageManager: z.optional(z.nullable(InstallerChoice)),
  includeUncommitted: z._default(z.boolean(), false),
  /** Runs the project's code without any confinement. Only from the command line. */
  unsafeHost: z._default(z.boolean(), false),
});
export type ModernizeOptions = z.infer<typeof ModernizeOptions>;

export const ProjectChoice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('path'), path: z.string().check(z.minLength(1), z.maxLength(4096)) }),
  /** An exact version of a package from the registry, such as `csv-write-stream@2.0.0`. */
  z.object({ kind: z.literal('sample'), spec: z.string().check(z.minLength(1), z.maxLength(300)) }),
  /** A zip archive on this machine. */
  z.object({ kind: z.literal('zip'), path: z.string().check(z.minLength(1), z.maxLength(4096)) }),
  /** A zip archive that was sent to POST /api/modernizer/uploads; `name` is what its sender calls it. */
  z.object({
    kind: z.literal('upload'),
    upload: z.string().check(z.minLength(1), z.maxLength(64)),
    name: z.optional(z.string().check(z.maxLength(200))),
  }),
  /** A git repository by https, ssh or file, and the branch of it; without one, what its HEAD names. */
  z.object({
    kind: z.literal('git'),
    url: z.string().check(z.minLength(1), z.maxLength(2000)),
    branch: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  }),
]);
export type ProjectChoice = z.infer<typeof ProjectChoice>;

/** POST /api/modernizer/runs */
export const NewModernization = z.object({
  project: ProjectChoice,
  options: z._default(z.partial(z.omit(ModernizeOptions, { unsafeHost: true })), {}),
});
export type NewModernization = z.infer<typeof NewModernization>;

/** The answer of POST /api/modernizer/uploads, whose body is the archive itself: name it in a `project`. */
export const Uploaded = z.object({ upload: z.string(), bytes: z.number() });

/** Its answer, 202. `already`: this project was being upgraded already, and that run is named. */
export const ModernizationStarted = z.object({ run: z.string(), already: z.boolean() });

/** POST /api/modernizer/runs/{run}/decisions/{decision} */
export const DecisionAnswer = z.object({ option: z.string() });

/** GET /api/modernizer/samples: old projects that show the Modernizer at work. */
export const Sample = z.object({ spec: z.string(), title: z.string(), expect: z.string(), minutes: z.number() });
export type Sample = z.infer<typeof Sample>;
export const Samples = z.object({ samples: z.array(Sample) });

/** GET /api/modernizer/runs/{run}/trials/{trial}/log?from=0: the log so far, from that byte on. */
export const TrialLog = z.object({
  text: z.string(),
  /** Give it as `from` to read on. */
  nextFrom: z.number(),
  complete: z.boolean(),
});
export type TrialLog = z.infer<typeof TrialLog>;

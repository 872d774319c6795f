// Looks at what a package offers at run time: loads it inside the sandbox, from a tree that has it, or installed alone.
// Rule: what the probe prints is words of a stranger and is parsed as such.

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import * as z from 'zod';

import type { Job, Outcome, Sandbox } from 'kernel/sandbox';

import { OFFERS_MAX, toldText, type ApiReading, type Offer } from './api.ts';

export interface SeeingPorts {
  readonly sandbox: Sandbox;
  readonly cache: string;
  /** Emptied before and after. */
  readonly scratch: string;
  installedWith?(name: string, version: string): Promise<string | null>;
  readonly signal: AbortSignal;
}

const PROBES = fileURLToPath(new URL('../probes', import.meta.url));
const PROBES_INSIDE = '/tandem-probes';
/** One package and what it needs. */
const INSTALL_MS_MAX = 120_000;
const LOAD_MS_MAX = 20_000;
const LIMITS = { outputBytesMax: 4 * 1024 ** 2, processesMax: 128, memoryBytesMax: 1024 ** 3 };

const Seen = z.object({
  tandem: z.literal('shape'),
  kind: z.literal('seen'),
  namespace: z.boolean(),
  offers: z
    .array(
      z.object({
        path: z.string().max(300),
        type: z.string().max(20),
        arity: z.number().nullable(),
        isAsync: z.boolean(),
      }),
    )
    .max(OFFERS_MAX + 1000),
});

export async function seenApi(
  ports: SeeingPorts,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<ApiReading> {
  const { scratch } = ports;
  await rm(scratch, { recursive: true, force: true });
  const project = join(scratch, 'project');
  await mkdir(project, { recursive: true });
  const manifest = { name: 'tandem-looks-at-it', private: true, dependencies: { [name]: version } };
  await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
  try {
    const modules = (await ports.installedWith?.(name, version)) ?? null;
    const layers = modules === null ? [] : [{ from: modules, changes: join(scratch, 'changes'), at: MODULES_INSIDE }];
    if (modules === null && !(await installedAlone(ports, project))) {
      return notKnown(`${name}@${version} cannot be installed alone`);
    }
    if (modules !== null) await mkdir(join(project, 'node_modules'));
    const said = await loaded(ports, { project, layers, name });
    return readShape(said) ?? notKnown(`${name}@${version} cannot be loaded alone`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const MODULES_INSIDE = '/project/node_modules';

async function installedAlone({ sandbox, cache, signal }: SeeingPorts, project: string): Promise<boolean> {
  const argv = ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'] as const;
  const limits = { ...LIMITS, wallMs: INSTALL_MS_MAX };
  return endedWell(await sandbox.run({ phase: 'install', project, argv, cache, limits, signal }));
}

interface Looking extends Pick<Job, 'project' | 'layers'> {
  readonly name: string;
}

async function loaded({ sandbox, signal }: SeeingPorts, { name, ...job }: Looking): Promise<string> {
  const isUnsafe = sandbox.confinement.unsafe;
  const { stdout } = await sandbox.run({
    phase: 'run',
    ...job,
    argv: ['node', join(isUnsafe ? PROBES : PROBES_INSIDE, 'shape.mjs'), name],
    ...(isUnsafe ? {} : { readOnly: [{ from: PROBES, at: PROBES_INSIDE }] }),
    limits: { ...LIMITS, wallMs: LOAD_MS_MAX },
    signal,
  });
  return stdout;
}

const endedWell = (outcome: Outcome): boolean => outcome.kind === 'exited' && outcome.code === 0;
const notKnown = (reason: string): ApiReading => ({ kind: 'not-known', reason });

/** The API in what the probe printed; undefined when it printed none. */
export function readShape(stdout: string): ApiReading | undefined {
  const line = stdout.split('\n').findLast((each) => each.startsWith('{"tandem":"shape"'));
  if (line === undefined) return undefined;
  const parsed = Seen.safeParse(jsonOf(line));
  if (!parsed.success) return undefined;
  const { namespace, offers } = parsed.data;
  const byPath = new Map(offers.map((each) => [each.path, offerOf(each)]));
  const whole = byPath.get('')?.kind;
  const form = namespace ? 'namespace' : whole === 'function' || whole === 'class' ? 'whole' : 'names';
  return { kind: 'api', api: { source: 'run-time', form, offers: byPath, partial: offers.length >= OFFERS_MAX } };
}

type SeenOffer = z.infer<typeof Seen>['offers'][number];

const offerOf = ({ type, arity, isAsync }: SeenOffer): Offer => {
  const isFunction = type === 'function';
  const kind = isFunction ? 'function' : type === 'class' ? 'class' : type === 'object' ? 'object' : 'value';
  // Arity counts what stands before the first default; what a call must give nobody can see.
  const required = isFunction ? 0 : null;
  const count = arity === null ? '' : ` of ${arity} parameters`;
  return { kind, required, most: null, isAsync, told: toldText(`${isAsync ? 'async ' : ''}${type}${count}`) };
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A line that was cut off says nothing.
    return undefined;
  }
}

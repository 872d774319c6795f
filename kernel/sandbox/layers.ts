// Folders that a job sees and may change while they stay as they are: an overlay whose changes lie beside them.
// Rule: the kernel keeps the lower folder from being written, not its rights; what a job changed lies where no job can
// reach it but through the overlay. Where no overlay can be mounted, none is offered, and callers copy.
// Bubblewrap cannot mount one itself: it is mounted before, in a mount namespace that the job's tree alone has.

import { mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mebibytes, seconds } from '../basics/index.ts';
import { jobRefused } from './faults.ts';
import { removeTree } from './remove-tree.ts';
import type { Job, Layer, Outcome } from './sandbox.ts';

export interface LayerPlaces {
  readonly lower: string;
  readonly upper: string;
  readonly work: string;
  /** Where it is mounted on the host's side, in the job's own mount namespace. */
  readonly seen: string;
}

interface Layered {
  readonly kind: string;
  readonly layer?: LayerPlaces;
}

export const layerPlaces = ({ from, changes }: Layer): LayerPlaces => ({
  lower: from,
  upper: join(changes, 'upper'),
  work: join(changes, 'work'),
  seen: join(changes, 'seen'),
});

/** Changes are kept in attributes of users, which need no right of the host. */
export const overlayOptions = ({ lower, upper, work }: LayerPlaces): string =>
  `userxattr,lowerdir=${lower},upperdir=${upper},workdir=${work}`;

const MOUNT = `
set -eu
while [ "$1" != -- ]; do mount -t overlay -o "$1,nosuid,nodev" tandem "$2"; shift 2; done
shift
exec "$@"`;

/** Mounts the layers among these, then becomes `argv`; without layers it is `argv` itself. */
export function mountedBefore(mounts: readonly Layered[], isRoot: boolean, argv: readonly string[]): readonly string[] {
  const pairs = mounts.flatMap(({ layer }) => (layer === undefined ? [] : [overlayOptions(layer), layer.seen]));
  if (pairs.length === 0) return argv;
  const user = isRoot ? [] : ['--user', '--map-root-user'];
  return ['unshare', '--mount', ...user, '--', '/bin/sh', '-c', MOUNT, 'sh', ...pairs, '--', ...argv];
}

/** The folders that grow when a job changes what it sees in a layer. */
export const changedIn = (layers: readonly Layer[]): readonly string[] =>
  layers.map((layer) => layerPlaces(layer).upper);

/** In the options of a mount these mean something. */
const SPECIAL = /[,:\\"']/;

/** With links resolved and the folders of its changes made. */
export function makeLayers(layers: readonly Layer[], checked: (at: string) => string): readonly Layer[] {
  return layers.map((layer) => {
    for (const place of Object.values(layerPlaces(layer)).slice(1)) mkdirSync(place, { recursive: true });
    const made = { from: realpathSync(layer.from), changes: realpathSync(layer.changes), at: checked(layer.at) };
    const special = [made.from, made.changes].find((path) => SPECIAL.test(path));
    if (special !== undefined) throw jobRefused(`${special} has a character that no layer may have in its path.`);
    return made;
  });
}

const PROBE: Omit<Job, 'project'> = {
  phase: 'run',
  argv: ['sh', '-c', 'test "$(cat layer/lower)" = lower && echo changed >layer/lower && mkdir layer/folder'],
  limits: { wallMs: seconds(10), outputBytesMax: 10_000, processesMax: 64, memoryBytesMax: mebibytes(512) },
};

/** Whether a job sees a layer, can change it, and leaves what is below as it was. */
export async function layersWork(run: (job: Job) => Promise<Outcome>, folder: string): Promise<boolean> {
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(folder, 'layer-'));
  try {
    const [from, project] = [join(place, 'from'), join(place, 'project')];
    for (const made of [from, join(project, 'layer')]) mkdirSync(made, { recursive: true });
    writeFileSync(join(from, 'lower'), 'lower');
    const layers = [{ from, changes: join(place, 'changes'), at: '/project/layer' }];
    const outcome = await run({ ...PROBE, project, layers });
    return outcome.kind === 'exited' && outcome.code === 0 && readFileSync(join(from, 'lower'), 'utf8') === 'lower';
  } catch {
    // Whatever keeps it from being mounted is the answer.
    return false;
  } finally {
    await removeTree(place);
  }
}

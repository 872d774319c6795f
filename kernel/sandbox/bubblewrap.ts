// Bubblewrap's argument list for a job. Pure: nothing is run here.
// Rule: every namespace is new, no capability is left, and no further user namespace can be made inside.
// /proc is read-only as a whole: bubblewrap leaves /proc/sys writable, and where Tandem runs as root the job is
// the host's user 0 without capabilities, whom the kernel lets write there (core_pattern would be a way out).

import { PROJECT, type Inside, type Mount } from './inside.ts';
import { startedThenExec } from './launch.ts';
import { mountedBefore } from './layers.ts';

const NAMESPACES = '--unshare-user --unshare-pid --unshare-net --unshare-ipc --unshare-uts --unshare-cgroup';
const IDENTITY = '--disable-userns --uid 1000 --gid 1000 --hostname tandem --cap-drop ALL';
const LIFETIME = '--new-session --die-with-parent --clearenv';
const KERNEL_MOUNTS = '--dev /dev --proc /proc --remount-ro /proc';

export function bubblewrapArguments(bubblewrap: string, inside: Inside, isRoot: boolean): readonly string[] {
  return mountedBefore(inside.mounts, isRoot, argumentsOf(bubblewrap, inside));
}

function argumentsOf(bubblewrap: string, inside: Inside): readonly string[] {
  const variables = Object.entries(inside.environment).flatMap(([name, value]) => ['--setenv', name, value]);
  return [
    bubblewrap,
    ...words(`${NAMESPACES} ${IDENTITY} ${LIFETIME}`),
    ...variables,
    ...words(KERNEL_MOUNTS),
    ...inside.mounts.flatMap(mountArguments),
    // Last: the root itself and the folders made for mounts are not the job's to write in.
    ...words(`--remount-ro / --chdir ${PROJECT} --`),
    ...startedThenExec(inside.argv),
  ];
}

function mountArguments(mount: Mount): readonly string[] {
  switch (mount.kind) {
    case 'read-only':
      return ['--ro-bind', mount.from, mount.at];
    case 'writable':
      return ['--bind', mount.from, mount.at];
    case 'link':
      return ['--symlink', mount.target, mount.at];
    case 'fresh':
      return ['--size', String(mount.bytesMax), '--tmpfs', mount.at];
    case 'layered':
      return ['--bind', mount.layer.seen, mount.at];
  }
}

const words = (text: string): readonly string[] => text.split(' ');

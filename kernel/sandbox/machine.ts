// Facts about this machine that the choice of a back end rests on, and what to say when none works.
// Rule: a program counts when it is there, a back end only when it was tried.

import { accessSync, constants, lstatSync, readlinkSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { codeOf, textOf } from './files.ts';
import type { Mount } from './inside.ts';
import type { SandboxProbe } from './sandbox.ts';

export interface Machine {
  readonly platform: string;
  readonly isRoot: boolean;
  readonly bubblewrap: string | null;
  /** The programs that the namespaces back end needs and that are not here. */
  readonly missingPrograms: readonly string[];
  /** `apt-get`, `dnf`, `pacman`, `apk` or `zypper`. */
  readonly packageTool: string | null;
  readonly userNamespacesMax: number | null;
  readonly unprivilegedUserNamespaces: boolean;
  readonly isRestrictedByAppArmor: boolean;
  /** Since Linux 5.14 RLIMIT_NPROC counts for each user namespace; it never binds root. */
  readonly limitsProcessesByRlimit: boolean;
}

const PROGRAM_FOLDERS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const NAMESPACE_PROGRAMS = ['unshare', 'mount', 'umount', 'pivot_root', 'setpriv', 'hostname'];
const PACKAGE_TOOLS = ['apt-get', 'dnf', 'pacman', 'apk', 'zypper'];

export function lookAtMachine(): Machine {
  const userNamespacesMax = textOf('/proc/sys/user/max_user_namespaces');
  const isRoot = process.getuid?.() === 0;
  return {
    platform: process.platform,
    isRoot,
    bubblewrap: programPath('bwrap'),
    missingPrograms: NAMESPACE_PROGRAMS.filter((name) => programPath(name) === null),
    packageTool: PACKAGE_TOOLS.find((name) => programPath(name) !== null) ?? null,
    userNamespacesMax: userNamespacesMax === '' ? null : Number(userNamespacesMax),
    unprivilegedUserNamespaces: textOf('/proc/sys/kernel/unprivileged_userns_clone') !== '0',
    isRestrictedByAppArmor: textOf('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1',
    limitsProcessesByRlimit: !isRoot && programPath('prlimit') !== null && isAtLeast(release(), 5, 14),
  };
}

export function programPath(name: string): string | null {
  return PROGRAM_FOLDERS.map((folder) => join(folder, name)).find(isExecutable) ?? null;
}

/** Why nothing confines code here, and the one line that mends it. Pure. */
export function refusalOf(machine: Machine, told: string): SandboxProbe & { kind: 'refused' } {
  const root = machine.isRoot ? '' : 'sudo ';
  const refused = (reason: string, next: string) => ({ kind: 'refused', reason, next }) as const;
  if (machine.platform !== 'linux') {
    return refused(
      `Tandem confines code by Linux namespaces, and this machine runs ${machine.platform}.`,
      'Run Tandem on Linux or in a Linux virtual machine, or accept the risk with --unsafe-host.',
    );
  }
  if (machine.userNamespacesMax === 0) {
    return refused(
      'User namespaces are switched off on this machine.',
      `${root}sysctl -w user.max_user_namespaces=15000`,
    );
  }
  if (!machine.isRoot && !machine.unprivilegedUserNamespaces) {
    return refused(
      'Only root may make user namespaces on this machine.',
      `${root}sysctl -w kernel.unprivileged_userns_clone=1`,
    );
  }
  if (!machine.isRoot && machine.isRestrictedByAppArmor) {
    return refused(
      'AppArmor keeps users of this machine from making user namespaces.',
      `${root}sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`,
    );
  }
  if (machine.bubblewrap === null) {
    const why =
      machine.missingPrograms.length > 0 ? `missing here: ${machine.missingPrograms.join(', ')}` : told.trim();
    return refused(
      `Bubblewrap is not installed, and util-linux cannot take its place${why === '' ? '' : ` (${why})`}.`,
      `${root}${installLine(machine.packageTool)}`,
    );
  }
  return refused(
    `No back end of the sandbox works on this machine${told.trim() === '' ? '' : ` (${told.trim()})`}.`,
    'Run Tandem outside of the container or virtual machine that forbids namespaces, or accept the risk with --unsafe-host.',
  );
}

function installLine(packageTool: string | null): string {
  switch (packageTool) {
    case 'pacman':
      return 'pacman -S bubblewrap';
    case 'apk':
      return 'apk add bubblewrap';
    case 'dnf':
    case 'zypper':
      return `${packageTool} install bubblewrap`;
    default:
      return 'apt-get install bubblewrap';
  }
}

const SYSTEM_PLACES = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** /usr, and the places beside it as this machine has them: links into /usr, or folders of their own. */
export function systemMounts(): readonly Mount[] {
  const mounts: Mount[] = [{ kind: 'read-only', from: '/usr', at: '/usr' }];
  for (const at of SYSTEM_PLACES) {
    const status = lstatSync(at, { throwIfNoEntry: false });
    if (status?.isSymbolicLink() === true) mounts.push({ kind: 'link', target: readlinkSync(at), at });
    else if (status?.isDirectory() === true) mounts.push({ kind: 'read-only', from: at, at });
  }
  return mounts;
}

export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [found = 0, foundMinor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  return found > major || (found === major && foundMinor >= minor);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === undefined) throw thrown;
    return false;
  }
}

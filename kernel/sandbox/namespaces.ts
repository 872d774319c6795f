// The argument list for a job confined by util-linux alone: unshare, mount, pivot_root, setpriv. Pure.
// Two user namespaces: in the outer one the script may mount; the inner one maps to user 1000, owns no mount and,
// by the limit that the outer one sets, can make no further namespace. Every step that fails ends the script,
// so a job never runs half confined.

import { PROJECT, type Inside, type Mount } from './inside.ts';
import { dieWithParent, STARTED_DESCRIPTOR } from './launch.ts';
import { overlayOptions } from './layers.ts';

const NEW_NAMESPACES = 'unshare --user --map-root-user --mount --pid --net --ipc --uts --cgroup --fork --kill-child --';

const SET_UP = `
set -eu
root=$1; shift
mount -t tmpfs -o mode=755,size=16m,nosuid,nodev tandem "$root"
cd "$root"
mkdir -p dev proc etc tmp usr home project tandem/bin

place() {
  [ -e "./$2" ] && return
  if [ -d "$1" ]; then mkdir -p "./$2"; else mkdir -p "./\${2%/*}"; : >"./$2"; fi
}
# Only the top of a recursive bind becomes read-only: every mount below it is made so as well.
read_only_below() {
  while read -r _ _ _ _ at _; do
    case $at in "$root$1"/*) mount -o remount,bind,ro "$at" ;; esac
  done </proc/self/mountinfo
}

mount -t tmpfs -o mode=755,size=64k,nosuid tandem dev
for device in null zero full random urandom tty; do
  : >dev/$device; mount --bind /dev/$device dev/$device
done
ln -s /proc/self/fd dev/fd; ln -s /proc/self/fd/0 dev/stdin
ln -s /proc/self/fd/1 dev/stdout; ln -s /proc/self/fd/2 dev/stderr
mkdir dev/shm dev/pts
mount -t tmpfs -o mode=1777,size=256m,nosuid,nodev tandem dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,nosuid,noexec devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t proc -o nosuid,nodev,noexec proc proc

while [ "$1" != -- ]; do
  case $1 in
    read-only) place "$2" "$3"; mount -o rbind,ro,nosuid,nodev "$2" "./$3"; read_only_below "$3" ;;
    writable) place "$2" "$3"; mount -o rbind,nosuid,nodev "$2" "./$3" ;;
    link) ln -s "$2" "./$3" ;;
    fresh) mkdir -p "./$3"; mount -t tmpfs -o "mode=1777,size=$2,nosuid,nodev" tandem "./$3" ;;
    layered) mkdir -p "./$3"; mount -t overlay -o "$2,nosuid,nodev" tandem "./$3" ;;
  esac
  shift 3
done
shift

hostname tandem 2>/dev/null || echo tandem >/proc/sys/kernel/hostname
ip link set lo up 2>/dev/null || ifconfig lo up
pivot_root . .
umount -l .
cd /
echo 1 >/proc/sys/user/max_user_namespaces
# The kernel lets the host's user 0 write to much of /proc without any capability. Only processes stay writable,
# since the inner user namespace is told its map there.
for entry in /proc/*; do
  case $entry in /proc/[0-9]*) continue ;; esac
  if [ ! -L "$entry" ] && { [ -d "$entry" ] || [ -w "$entry" ]; }; then
    mount -o bind,ro,nosuid,nodev,noexec "$entry" "$entry"
  fi
done
mount -o remount,bind,ro,nosuid,nodev /
mount -o remount,bind,ro,nosuid /dev
cd ${PROJECT}
exec unshare --user --map-user=1000 --map-group=1000 --keep-caps -- \
  setpriv --no-new-privs --ambient-caps=-all --inh-caps=-all --bounding-set=-all -- "$@"`;

/** The job's first process: it collects orphans, and when it ends the kernel ends everything beside it. */
const FIRST_PROCESS = `echo started >&${STARTED_DESCRIPTOR}; exec ${STARTED_DESCRIPTOR}>&-; "$@"; exit $?`;

/** @param mountPoint An empty folder of ours on the host; what is mounted there is seen by the job alone. */
export function namespacesArguments(mountPoint: string, inside: Inside): readonly string[] {
  const variables = Object.entries(inside.environment).map(([name, value]) => `${name}=${value}`);
  return dieWithParent([
    ...NEW_NAMESPACES.split(' '),
    '/bin/sh',
    '-c',
    SET_UP,
    'sh',
    mountPoint,
    ...inside.mounts.flatMap(mountArguments),
    '--',
    '/bin/sh',
    '-c',
    FIRST_PROCESS,
    'sh',
    '/usr/bin/env',
    '-i',
    ...variables,
    ...inside.argv,
  ]);
}

function mountArguments(mount: Mount): readonly [string, string, string] {
  switch (mount.kind) {
    case 'layered':
      return [mount.kind, overlayOptions(mount.layer), mount.at];
    case 'read-only':
    case 'writable':
      return [mount.kind, mount.from, mount.at];
    case 'link':
      return [mount.kind, mount.target, mount.at];
    case 'fresh':
      return [mount.kind, String(mount.bytesMax), mount.at];
  }
}

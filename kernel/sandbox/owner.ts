// Whose a scratch folder or control group is, in its name: the process namespace, number and start of its maker.
// Rule: only what was made in this very namespace can be known to be left behind.

import { linkOf, textOf } from './files.ts';

export const nameOfThisProcess = (): string => `${namespace()}-${process.pid}-${startOf(process.pid)}`;

/** True only when the name was made here and its process no longer runs. */
export function isGone(name: string): boolean {
  const [made, pid, start] = name.split('-');
  if (made !== namespace() || pid === undefined || start === undefined) return false;
  return startOf(Number(pid)) !== start;
}

const namespace = (): string => /\d+/.exec(linkOf('/proc/self/ns/pid'))?.[0] ?? '0';

/** Field 22 of /proc/PID/stat: ticks since boot. The name before it may hold blanks and brackets. */
function startOf(pid: number): string {
  const fields = statFields(pid);
  // A zombie has ended and only waits for its parent to notice.
  return fields[0] === 'Z' ? '' : (fields[19] ?? '');
}

/** The fields of /proc/PID/stat from the third on: state, parent, and so forth. */
export function statFields(pid: number): readonly string[] {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

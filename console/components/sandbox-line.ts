/** The command in a sentence that tells what to do ("Install it: apt-get install bubblewrap"), else the whole of it. */
export function commandIn(next: string): string {
  const quoted = /`([^`]+)`/.exec(next)?.[1];
  if (quoted !== undefined) return quoted;
  const afterColon =
    /:\s+((?:sudo\s+)?(?:apt|apt-get|dnf|yum|apk|pacman|zypper|sysctl|npx|npm|tandem)\b[^\n]*?)\.?$/.exec(next);
  return afterColon?.[1] ?? next;
}

/** The sentence without the command that is shown below it. */
export const textBefore = (next: string, command: string): string =>
  next
    .replace(command, '')
    .replaceAll('`', '')
    .replace(/\s*\.?\s*$/, '');

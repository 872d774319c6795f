// Setting one value in a TOML file that a person wrote: comments, order and everything else stay as they are.
// Rule: pure; what comes out is read again by the caller before it is written.

import type { SettingValue } from './known-settings.ts';

/** The text with the key set; `null` takes it out. `key`: `merge.adjacent`, a section and a name. */
export function withSetting(text: string, key: string, value: SettingValue | null): string {
  const dot = key.lastIndexOf('.');
  const [section, name] = [key.slice(0, dot), key.slice(dot + 1)];
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const entry = value === null ? [] : [`${name} = ${tomlValue(value)}`];
  const head = lines.findIndex((line) => sectionIn(line) === section);
  if (head === -1) {
    if (value === null) return text;
    const gap = lines.length === 0 ? [] : [''];
    return `${[...lines, ...gap, `[${section}]`, ...entry].join('\n')}\n`;
  }
  const next = lines.findIndex((line, at) => at > head && sectionIn(line) !== undefined);
  const end = next === -1 ? lines.length : next;
  const at = lines.findIndex((line, index) => index > head && index < end && keyIn(line) === name);
  if (at === -1) {
    const last = lastEntry(lines, head, end);
    lines.splice(last + 1, 0, ...entry);
  } else lines.splice(at, 1, ...entry);
  return `${lines.join('\n')}\n`;
}

/** The last line of a section that says something. */
function lastEntry(lines: readonly string[], head: number, end: number): number {
  let last = end - 1;
  while (last > head && (lines[last] ?? '').trim() === '') last -= 1;
  return last;
}

const sectionIn = (line: string): string | undefined => /^\s*\[\s*([^\][]+?)\s*\]/.exec(line)?.[1];
const keyIn = (line: string): string | undefined => /^\s*([A-Za-z0-9_-]+)\s*=/.exec(line)?.[1];

/** JSON's strings are TOML's basic strings, but for what lies beyond ASCII control characters. */
const tomlValue = (value: SettingValue): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));

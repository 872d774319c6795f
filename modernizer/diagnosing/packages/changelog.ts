// Finds in a package's changelog what it says about the versions between two. Pure.

import semver from 'semver';

/** As much as a person reads beside a verdict. */
const TEXT_LENGTH_MAX = 2_000;
const FILE = /^(?:docs\/)?(?:changelog|history|changes|releases?)(?:\.\w+)?$/i;
const HEADING = /^(?:#{1,4}\s*|=+\s*)?(?:\W*version\s*)?\[?v?(\d+\.\d+(?:\.\d+)?(?:-[\w.]+)?)\]?\b.*$/i;
/** What tells of a break stands first; the rest of a section is cut. */
const BREAKING = /break|remov|drop|renam|no longer|require|esm\b|es module|deprecat|must|instead/i;

export type ChangelogReading =
  | { readonly kind: 'told'; readonly file: string; readonly text: string }
  | { readonly kind: 'none'; readonly reason: string };

/** What stands under the headings of versions above `from`, up to `to`; lines that tell of a break only. */
export function changelogBetween(files: ReadonlyMap<string, string>, from: string, to: string): ChangelogReading {
  const file = [...files.keys()].find((path) => FILE.test(path));
  if (file === undefined) return { kind: 'none', reason: 'its archive holds no changelog' };
  const told: string[] = [];
  let inside: string | undefined;
  for (const line of (files.get(file) ?? '').split('\n')) {
    const version = semver.coerce(HEADING.exec(line.trim())?.[1] ?? '')?.version;
    const isHeading = version !== undefined && /^\W*(?:version\s*)?v?\d|^#|^\[/.test(line.trim());
    if (isHeading) inside = semver.gt(version, from) && semver.lte(version, to) ? version : undefined;
    else if (inside !== undefined && BREAKING.test(line))
      told.push(`${inside}: ${line.replace(/^[\s*#-]+/, '').trim()}`);
  }
  if (told.length === 0) return { kind: 'none', reason: `${file} says nothing of a break between ${from} and ${to}` };
  const text = told.join('\n');
  return { kind: 'told', file, text: text.length <= TEXT_LENGTH_MAX ? text : `${text.slice(0, TEXT_LENGTH_MAX - 1)}…` };
}

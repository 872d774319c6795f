// Which files are nobody's business, in gitignore syntax: `.atomicignore` and `.gitignore` of every folder, and
// `.atomic/ignore`. Where both stand in one folder, .atomicignore has the last word.
// Rule: what is tracked stays tracked, whatever is ignored: rules only hide files that nobody tracks.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ignore, { type Ignore } from 'ignore';

/** Never looked into: other people's stores, and our own. */
const ALWAYS = ['.atomic', '.git'];
const RULE_FILES = ['.gitignore', '.atomicignore'];
const RULES_MAX = 1 << 20;

export interface IgnoreRules {
  /** `path` is relative to the repository, with `/`. */
  isIgnored(path: string, isDirectory: boolean): boolean;
  /** The rules inside a folder: its own files are read. */
  inside(folder: string): IgnoreRules;
}

interface Level {
  /** '' or a path that ends with `/`. */
  readonly prefix: string;
  readonly rules: Ignore;
}

export function ignoreRules(root: string): IgnoreRules {
  return rulesOf(root, [...levelOf(root, '', [join('.atomic', 'ignore'), ...RULE_FILES])]);
}

function rulesOf(root: string, levels: readonly Level[]): IgnoreRules {
  return {
    isIgnored(path, isDirectory) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (ALWAYS.includes(name)) return true;
      // The nearest folder that has an opinion decides.
      for (const { prefix, rules } of [...levels].reverse()) {
        if (!path.startsWith(prefix)) continue;
        const { ignored, unignored } = rules.test(path.slice(prefix.length) + (isDirectory ? '/' : ''));
        if (ignored || unignored) return ignored;
      }
      return false;
    },
    inside(folder) {
      const own = [...levelOf(root, `${folder}/`, RULE_FILES)];
      return own.length === 0 ? this : rulesOf(root, [...levels, ...own]);
    },
  };
}

function* levelOf(root: string, prefix: string, files: readonly string[]): Generator<Level> {
  const texts = files.flatMap((file) => readRules(join(root, prefix, file)));
  if (texts.length > 0) yield { prefix, rules: ignore({ allowRelativePaths: true }).add(texts.join('\n')) };
}

function readRules(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8').slice(0, RULES_MAX)];
  } catch {
    // No rules here, or none that can be read: nothing is hidden.
    return [];
  }
}

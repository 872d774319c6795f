// Which files are nobody's business, in gitignore syntax: `.atomicignore` and `.gitignore` of every folder, and
// `.atomic/ignore`. Where both stand in one folder, .atomicignore has the last word.
// Rule: what is tracked stays tracked, whatever is ignored: rules only hide files that nobody tracks.
// Compiling a pattern takes longer than looking at a file, and most patterns cannot match most paths: only those that may
// are compiled (`piecesOf`), which changes no answer.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ignore, { type Ignore } from 'ignore';

/** Never looked into: other people's stores, and our own. */
const ALWAYS = ['.atomic', '.git'];
const RULE_FILES = ['.gitignore', '.atomicignore'];
const RULES_MAX = 1 << 20;
/** Sets of patterns that may match one path; real trees have some dozen. */
const COMPILED_MAX = 500;

export interface IgnoreRules {
  /** `path` is relative to the repository, with `/`. */
  isIgnored(path: string, isDirectory: boolean): boolean;
  /** The rules inside a folder: its own files are read. `names`: what lies in it, where that is known. */
  inside(folder: string, names?: readonly string[]): IgnoreRules;
}

interface Level {
  /** '' or a path that ends with `/`. */
  readonly prefix: string;
  readonly rules: LevelRules;
}

interface LevelRules {
  readonly lines: readonly Line[];
  /** By the patterns in it. */
  readonly compiled: Map<string, Ignore>;
}

interface Line {
  readonly pattern: string;
  /** What stands in every path that it matches, in small letters. */
  readonly pieces: readonly string[];
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
        const { ignored, unignored } = testRules(rules, path.slice(prefix.length) + (isDirectory ? '/' : ''));
        if (ignored || unignored) return ignored;
      }
      return false;
    },
    inside(folder, names = RULE_FILES) {
      const own = [
        ...levelOf(
          root,
          `${folder}/`,
          RULE_FILES.filter((file) => names.includes(file)),
        ),
      ];
      return own.length === 0 ? this : rulesOf(root, [...levels, ...own]);
    },
  };
}

function* levelOf(root: string, prefix: string, files: readonly string[]): Generator<Level> {
  const texts = files.flatMap((file) => readRules(join(root, prefix, file)));
  if (texts.length > 0) yield { prefix, rules: { lines: linesOf(texts.join('\n')), compiled: new Map() } };
}

const linesOf = (text: string): readonly Line[] =>
  text
    .split(/\r?\n/)
    .flatMap((pattern) => (pattern === '' || pattern.startsWith('#') ? [] : [{ pattern, pieces: piecesOf(pattern) }]));

/** Patterns with more than `*`, `?`, `/` and a leading `!` to them are left to those who know: no pieces, so they may match. */
function piecesOf(pattern: string): readonly string[] {
  if (!/^!?[\w.*?/@+~,=-]+$/.test(pattern)) return [];
  return pattern
    .replace(/^!/, '')
    .toLowerCase()
    .split(/[*?/]+/)
    .filter((piece) => piece !== '');
}

function testRules({ lines, compiled }: LevelRules, path: string): { ignored: boolean; unignored: boolean } {
  const small = path.toLowerCase();
  const candidates = lines.flatMap(({ pattern, pieces }) =>
    pieces.every((piece) => small.includes(piece)) ? [pattern] : [],
  );
  if (candidates.length === 0) return { ignored: false, unignored: false };
  const text = candidates.join('\n');
  const known = compiled.get(text);
  if (known !== undefined) return known.test(path);
  const made = ignore({ allowRelativePaths: true }).add(text);
  if (compiled.size < COMPILED_MAX) compiled.set(text, made);
  return made.test(path);
}

function readRules(path: string): readonly string[] {
  try {
    return [readFileSync(path, 'utf8').slice(0, RULES_MAX)];
  } catch {
    // No rules here, or none that can be read: nothing is hidden.
    return [];
  }
}

// The project's own source as data: which file imports what. Read from the disk, so a rule cannot be switched off
// by a comment.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** From the root of the project, such as `kernel/store/store.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Those of them that exist when the program runs: imports of types alone do not. */
  readonly valueImports: readonly string[];
}

const TYPE_IMPORT = /(?:^|\n)\s*(?:import|export) type\s[^'";]*?\sfrom\s['"][^'"]+['"]/g;
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Every TypeScript file that git knows or would add, but fixtures. */
export function sourceFiles(): readonly SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => path !== '' && !path.includes('/fixtures/') && existsSync(join(ROOT, path)))
    .map((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return { path, text, imports: importsIn(text), valueImports: importsIn(text.replaceAll(TYPE_IMPORT, '')) };
    });
}

const importsIn = (text: string): readonly string[] =>
  [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? '');

/** The file that a relative import of a file means. */
export const resolved = (from: string, specifier: string): string => normalize(join(dirname(from), specifier));

export const isTest = (path: string): boolean =>
  /\.(test|contract|journey|bench)\.tsx?$/.test(path) || path.startsWith('tests/');

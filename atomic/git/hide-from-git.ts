// Git shall not see our folder: a line in its own list of what is nobody's, which is in no commit.

import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { REPOSITORY_FOLDER } from '../repository/repository-folder.ts';
import { git } from './run-git.ts';

export function hideFromGit(folder: string): void {
  const path = resolve(folder, git(folder, ['rev-parse', '--git-path', 'info/exclude']).toString().trim());
  const line = `/${REPOSITORY_FOLDER}/`;
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (before.split('\n').some((each) => each.trim() === line)) return;
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${before === '' || before.endsWith('\n') ? '' : '\n'}${line}\n`);
}

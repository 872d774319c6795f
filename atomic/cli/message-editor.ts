// Asking for a message in the person's editor: $ATOMIC_EDITOR, $VISUAL, $EDITOR, else vi.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Repository } from '../repository/repository.ts';
import { workingCopy, type Change } from '../working-copy/changes.ts';
import { changeText } from './commands/status.ts';
import { editorFailed } from './faults.ts';
import { PLAIN } from './paint.ts';
import type { Environment, Shell } from './shell.ts';

const MESSAGE_FILE = 'MESSAGE';
const CHANGES_SHOWN = 200;

/** '' when the person wrote nothing. Throws ATOMIC_EDITOR_FAILED. */
export async function askForMessage(
  shell: Shell,
  repository: Repository,
  isChosen: (change: Change) => boolean,
): Promise<string> {
  const { changes } = workingCopy(repository, repository.view());
  const template = messageTemplate(changes.filter(isChosen));
  const folder = mkdtempSync(join(tmpdir(), 'atomic-message-'));
  try {
    const file = join(folder, MESSAGE_FILE);
    writeFileSync(file, template);
    edit(editorOf(shell.env), file, shell.env);
    return messageIn(readFileSync(file, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const editorOf = (env: Environment): string =>
  [env['ATOMIC_EDITOR'], env['VISUAL'], env['EDITOR']].find((each) => each !== undefined && each.trim() !== '') ?? 'vi';

export function messageTemplate(changes: readonly Change[]): string {
  const listed = changes.slice(0, CHANGES_SHOWN).map((change) => `#   ${changeText(change, PLAIN)}`);
  const rest = changes.length - listed.length;
  return [
    '',
    '# What does this patch do? The first line is its title, the rest describes it.',
    '# Lines that begin with # are left out; an empty message records nothing.',
    '#',
    ...listed,
    ...(rest > 0 ? [`#   … and ${rest} more`] : []),
    '',
  ].join('\n');
}

export const messageIn = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim();

/** The editor is a command line, as in `code --wait`; the shell takes it apart. */
function edit(editor: string, file: string, env: Environment): void {
  const { status, error } = spawnSync(`${editor} "$ATOMIC_MESSAGE_FILE"`, {
    shell: true,
    stdio: 'inherit',
    env: { ...env, ATOMIC_MESSAGE_FILE: file },
  });
  if (error !== undefined) throw editorFailed(editor, error);
  if (status !== 0) throw editorFailed(editor, new Error(`It ended with ${status ?? 'a signal'}.`));
}

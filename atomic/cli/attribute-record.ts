// Who wrote what is being recorded: whether anybody says anything of it at all.
// Rule: where nobody does, nothing is loaded and the patch has no attribution: it is untracked, and that costs nothing.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

import type { Author } from '../patches/patch.ts';
import { REPOSITORY_FOLDER, type Repository } from '../repository/repository.ts';
import type { RecordChangesOptions } from '../working-copy/record-changes.ts';
import type { AiFlags } from '../attribution/statements.ts';
import type { Writer } from '../hooks/worklog.ts';
import type { Shell } from './shell.ts';

export type Attributing = Pick<RecordChangesOptions, 'attribute' | 'also'>;

export interface AttributionQuestion {
  readonly flags: AiFlags;
  readonly message: string;
  readonly author: Author;
  /** The one hand that wrote all of it, where that is known already. */
  readonly writer?: Writer;
}

export async function attributionFor(
  shell: Shell,
  repository: Repository,
  question: AttributionQuestion,
): Promise<Attributing> {
  await settleSpool(repository);
  if (!isAnythingSaid(shell, repository, question)) return {};
  const { attributing } = await import('./attribution-sources.ts');
  return attributing(shell, repository, question);
}

/** Folds what hooks and editors left into the working log. */
export async function settleSpool(repository: Repository): Promise<void> {
  if (hasSpool(repository.root)) (await import('../agents/settle-hooks.ts')).settleHooks(repository);
}

/** Whether hooks or editors have ever left anything here. */
const hasSpool = (root: string): boolean => existsSync(join(root, REPOSITORY_FOLDER, 'spool'));

const WORKLOG = 'worklog';
/** What a message may say of an AI stands in a trailer, or behind the mark of its tool. */
const MAY_NAME_AN_AI = /^(?:co-authored-by|ai-assisted-by|claude-session|made-with)\s*:|generated with|\(aider\)/im;

function isAnythingSaid(shell: Shell, repository: Repository, question: AttributionQuestion): boolean {
  const { flags, message, author, writer } = question;
  if (writer !== undefined || shell.client !== null) return true;
  if (Object.values(flags).some((value) => value !== undefined)) return true;
  const isSet = (name: string): boolean => (shell.env[name] ?? '') !== '' && name.startsWith('ATOMIC_AI_');
  if (Object.keys(shell.env).some(isSet)) return true;
  const section = shell.settings().section('ai');
  if (section['provider'] !== undefined || section['model'] !== undefined) return true;
  if (MAY_NAME_AN_AI.test(message) || MAY_NAME_AN_AI.test(author.name) || /\[bot\]/.test(author.name)) return true;
  return repository.store.names.notes(WORKLOG).length > 0;
}

// Who wrote what is being recorded, and the signature of whoever records it.
// Rule: where nobody says anything, nothing is loaded and the patch has no attribution: it is untracked.

import type { RecordChangesOptions } from '../working-copy/record-changes.ts';
import type { Repository } from '../repository/repository.ts';
import type { RecordFlags } from './commands/record.ts';
import type { Shell } from './shell.ts';

type Attributing = Pick<RecordChangesOptions, 'attribute'>;
type Signing = Pick<RecordChangesOptions, 'sign'>;

export function attributionFor(
  _shell: Shell,
  _repository: Repository,
  _question: { readonly flags: RecordFlags; readonly message: string },
): Attributing {
  return {};
}

export function signerFor(_shell: Shell): Signing {
  return {};
}

// The signature of whoever records, where `sign.patches` is on or --sign asks for it.

import type { RecordChangesOptions } from '../working-copy/record-changes.ts';
import type { Shell } from './shell.ts';

export type Signing = Pick<RecordChangesOptions, 'sign'>;

export async function signerFor(shell: Shell, asked: boolean | undefined): Promise<Signing> {
  if (!(asked ?? shell.settings().sign.patches)) return {};
  const [{ requiredSigningKey }, { signPatch }] = await Promise.all([
    import('./keys.ts'),
    import('../attribution/signatures.ts'),
  ]);
  const { key, secret } = requiredSigningKey(shell);
  return { sign: (hash) => ({ key: key.bytes, signature: signPatch(secret, hash) }) };
}

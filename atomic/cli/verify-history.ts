// atomic audit verify: the proof of the whole history, said.

import { proveHistory, type HistoryProof } from '../repository/verify-history.ts';
import { EXIT, type ExitCode } from './command.ts';
import { trustedKeys } from './keys.ts';
import { counted } from './patch-text.ts';
import type { Shell } from './shell.ts';

/** A screen of them; the document has all. */
const LISTED_MAX = 20;

export function verifyHistory(shell: Shell): ExitCode {
  const { store } = shell.repository('read');
  const progress = shell.terminal.progress();
  const keys = trustedKeys(shell.env).map(({ key }) => key);
  const proof = proveHistory(store, keys, (done, total) =>
    progress.update({ text: 'Proving the history', done, total }),
  );
  progress.end();
  const isWhole = proof.mistakes.length === 0;
  shell.terminal.document({ verified: isWhole, ...proof });
  for (const line of proofLines(proof)) shell.terminal.say(line);
  for (const { about, what } of proof.mistakes.slice(0, LISTED_MAX)) {
    shell.terminal.say(`  ${shell.paint('red', about)}: ${what}`);
  }
  if (proof.mistakes.length > LISTED_MAX) shell.terminal.say(`  … and ${proof.mistakes.length - LISTED_MAX} more`);
  if (!isWhole) shell.terminal.note('atomic doctor says what of it can be mended.');
  return isWhole ? EXIT.done : EXIT.negative;
}

function proofLines({ patches, signatures, attributions, auditLines, mistakes }: HistoryProof): readonly string[] {
  const { valid, invalid, unknown } = signatures;
  return [
    mistakes.length === 0 ? 'Everything is as it was written.' : `${counted(mistakes.length, 'mistake')} found.`,
    `Patches       ${patches}, each with the hash of its bytes`,
    `Signatures    ${valid} valid, ${invalid} wrong, ${unknown} by keys that are not known here`,
    `Attributions  ${attributions.proven} proven, ${attributions.left} left out, ${attributions.none} patches without one`,
    `Audit log     ${counted(auditLines, 'line')} in one chain`,
  ];
}

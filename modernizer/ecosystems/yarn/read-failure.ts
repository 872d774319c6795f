// Reads what Yarn said when it could not install, as one of the outcomes a person can act on. Both its families.

import type { ResolverFailure } from '../../validating/read-resolver.ts';

interface Meaning {
  readonly pattern: RegExp;
  /** `found`: what the pattern's first group matched. */
  meaning(found: string): ResolverFailure;
}

const noVersion = (missing: string): ResolverFailure => ({
  kind: 'registry-incomplete',
  sentence:
    missing === '' ? 'The registry lacks a version that is needed.' : `The registry has no version for ${missing}.`,
  missing,
});

const BYTES = 'A package arrived with other bytes than the registry promised.';

/** The first that matches is meant. */
const MEANINGS: readonly Meaning[] = [
  {
    pattern: /(ENOSPC|no space left on device)/i,
    meaning: () => ({ kind: 'disk-full', sentence: 'The disk is full.' }),
  },
  {
    pattern: /(Command failed[\s\S]{0,80}\bgit\b|Exit code: 128|YN0001[^\n]*\bgit\b|git@|ls-remote)/,
    meaning: () => ({
      kind: 'outside-registry',
      sentence: 'A dependency comes from a git repository, which the sandbox does not reach.',
    }),
  },
  {
    pattern: /Couldn't find any versions for "([^"]+)"/,
    meaning: noVersion,
  },
  { pattern: /YN0082: [^\n]*?(\S+@npm:\S+): No candidates/, meaning: (found) => noVersion(found.replace('npm:', '')) },
  { pattern: /error Error: https?:\/\/\S+\/([^/\s]+): Not found/, meaning: noVersion },
  { pattern: /Couldn't find package "([^"]+)"/, meaning: noVersion },
  { pattern: /YN0035: [^\n]*?(\S+): Package not found/, meaning: (found) => noVersion(found.replace('npm:', '')) },
  { pattern: /(?:Request failed \\?"404[^\n]*?\/([^/\s"]+)\\?"|Not Found[^\n]*404)/, meaning: noVersion },
  { pattern: /(YN0035[^\n]*404|Response Code[^\n]*404)/, meaning: () => noVersion('') },
  {
    pattern:
      /(Integrity check failed|incorrect integrity|YN0018|doesn't match any of the provided|Extracting tar content of[^\n]*failed|corrupted|not a valid (?:gzip|tar)|incorrect (?:header|data) check|unexpected end of file)/i,
    meaning: () => ({ kind: 'registry-incomplete', sentence: BYTES, missing: '' }),
  },
  {
    pattern:
      /(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ESOCKETTIMEDOUT|socket hang up|network connection|Request failed "5\d\d|Response Code[^\n]*5\d\d|Remote server failed)/,
    meaning: (found) => ({
      kind: 'registry-down',
      sentence: `The registry could not be reached (${found.replaceAll(/["\s]+/g, ' ').trim()}).`,
    }),
  },
  {
    pattern: /(Your lockfile needs to be updated|YN0028|lockfile would have been modified)/,
    meaning: () => ({
      kind: 'lockfile-out-of-step',
      sentence: 'The lockfile and the manifest do not belong together.',
    }),
  },
];

export function readYarnFailure(output: string): ResolverFailure {
  for (const { pattern, meaning } of MEANINGS) {
    const match = pattern.exec(output);
    if (match !== null) return meaning(match[1] ?? '');
  }
  const said = /^(?:error|➤ YN0001: (?:│ )?|Usage Error:|Internal Error:) *(.+)$/m.exec(output)?.[1];
  return { kind: 'other', sentence: said === undefined ? 'Yarn gave no reason.' : `Yarn said: ${said.slice(0, 300)}` };
}

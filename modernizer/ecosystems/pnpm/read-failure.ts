// Reads what pnpm said when it could not install, as one of the outcomes a person can act on.

import type { ResolverFailure } from '../../validating/read-resolver.ts';

export function readPnpmFailure(output: string): ResolverFailure {
  const [, code = '', said = ''] = /(?:^|\s)(ERR_PNPM_[A-Z0-9_]+|E[A-Z]{4,})\W+(.*)$/m.exec(output) ?? [];
  if (/ENOSPC|no space left on device/i.test(output)) return { kind: 'disk-full', sentence: 'The disk is full.' };
  if (/(?:GIT_|git ls-remote|git@|git\+)/.test(`${code} ${said}`)) {
    const sentence = 'A dependency comes from a git repository, which the sandbox does not reach.';
    return { kind: 'outside-registry', sentence };
  }
  switch (code) {
    case 'ERR_PNPM_NO_MATCHING_VERSION':
    case 'ERR_PNPM_NO_MATCHING_VERSION_INSIDE_WORKSPACE':
    case 'ERR_PNPM_NO_VERSIONS':
    case 'ERR_PNPM_FETCH_404':
      return incomplete(said);
    case 'ERR_PNPM_TARBALL_INTEGRITY':
    case 'ERR_PNPM_BAD_TARBALL_SIZE':
    case 'ERR_PNPM_TARBALL_EXTRACT':
      return {
        kind: 'registry-incomplete',
        sentence: 'A package arrived with other bytes than the registry promised.',
        missing: '',
      };
    case 'ERR_PNPM_PEER_DEP_ISSUES':
      return { kind: 'resolver-conflict', sentence: 'No set of versions satisfies every peer.', chain: [] };
    case 'ERR_PNPM_OUTDATED_LOCKFILE':
    case 'ERR_PNPM_BROKEN_LOCKFILE':
    case 'ERR_PNPM_LOCKFILE_MISSING_DEPENDENCY':
      return {
        kind: 'lockfile-out-of-step',
        sentence: 'The lockfile and the manifest do not belong together.',
      };
    case 'ERR_PNPM_META_FETCH_FAIL':
    case 'ERR_PNPM_FETCH_500':
    case 'ERR_PNPM_FETCH_502':
    case 'ERR_PNPM_FETCH_503':
    case 'ERR_PNPM_BROKEN_METADATA_JSON':
      return { kind: 'registry-down', sentence: `The registry could not be reached (${code}).` };
    default:
      if (/^E(?:CONNREFUSED|CONNRESET|NOTFOUND|AI_AGAIN|TIMEDOUT)/.test(code))
        return { kind: 'registry-down', sentence: `The registry could not be reached (${code}).` };
      return { kind: 'other', sentence: said === '' ? 'pnpm gave no reason.' : `pnpm said: ${said.slice(0, 300)}` };
  }
}

function incomplete(said: string): ResolverFailure {
  const missing =
    /No matching version found for (\S+)/.exec(said)?.[1] ??
    /GET \S+?\/((?:@[^/\s]+\/)?[^/\s:]+): Not Found/.exec(said)?.[1] ??
    '';
  const sentence =
    missing === '' ? 'The registry lacks a version that is needed.' : `The registry has no version for ${missing}.`;
  return { kind: 'registry-incomplete', sentence, missing };
}

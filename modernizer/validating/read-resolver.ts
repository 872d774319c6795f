// Reads what npm said when it could not install, as one of the outcomes a person can act on.

export type ResolverFailure =
  | {
      readonly kind: 'resolver-conflict';
      readonly sentence: string;
      /** The packages in the chain, such as `eslint@9.0.0`. */
      readonly chain: readonly string[];
    }
  | { readonly kind: 'registry-incomplete'; readonly sentence: string; readonly missing: string }
  | { readonly kind: 'registry-down'; readonly sentence: string }
  | { readonly kind: 'lockfile-out-of-step'; readonly sentence: string }
  | { readonly kind: 'outside-registry'; readonly sentence: string }
  | { readonly kind: 'disk-full'; readonly sentence: string }
  | { readonly kind: 'other'; readonly sentence: string };

/** What the output of a failed `npm install` or `npm ci` means. */
export function readResolver(output: string): ResolverFailure {
  const lines = output
    .split('\n')
    .filter((line) => /^npm (?:error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (?:error|ERR!) ?/, ''));
  const text = lines.join('\n');
  const code = /^code (\S+)/m.exec(text)?.[1];
  switch (code) {
    case 'ERESOLVE':
      return conflict(text);
    case 'ETARGET':
    case 'E404':
    case 'ENOVERSIONS':
      return incomplete(text);
    case 'EUSAGE':
      return { kind: 'lockfile-out-of-step', sentence: 'The lockfile and the manifest do not belong together.' };
    case 'ENOSPC':
      return { kind: 'disk-full', sentence: 'The disk is full.' };
    case 'EINTEGRITY':
      return { kind: 'registry-incomplete', sentence: integritySentence(text), missing: '' };
    default:
      return unreached(code, text);
  }
}

const DOWN_CODES =
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ERR_SOCKET_TIMEOUT|E5\d\d|FETCH_ERROR|EPIPE)$/;

function unreached(code: string | undefined, text: string): ResolverFailure {
  if (/ENOSPC|no space left on device/i.test(text)) return { kind: 'disk-full', sentence: 'The disk is full.' };
  if (/git(?:@|:\/\/|\+ssh|\+https)|ls-remote|spawn git/.test(text)) {
    const address = /((?:git\+)?(?:ssh|https?|git|file):\/\/\S+?|git@\S+?)[.,]?(?:\s|$)/.exec(text)?.[1];
    const named = address === undefined ? 'a git repository' : `the git repository ${withoutAccess(address)}`;
    const sentence = `A dependency comes from ${named}, which the sandbox does not reach.`;
    return { kind: 'outside-registry', sentence };
  }
  if (code !== undefined && DOWN_CODES.test(code)) {
    return { kind: 'registry-down', sentence: `The registry could not be reached (${code}).` };
  }
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('code ')) ?? '';
  return { kind: 'other', sentence: first === '' ? 'npm gave no reason.' : `npm said: ${first.trim()}` };
}

/** An address without the name and password it may carry; `git@` is no secret, but says nothing either. */
const withoutAccess = (address: string): string => address.replace(/(^|\/\/)[^/@]*@/, '$1').slice(0, 200);

function conflict(text: string): ResolverFailure {
  const resolving = /^While resolving: (\S+)/m.exec(text)?.[1];
  const found = /^Found: (\S+)/m.exec(text)?.[1];
  const wanted = /^Could not resolve dependency:\s*\n\s*(\S+) (\S+?)@"?([^"\n]+)"? from (\S+)/m.exec(text);
  const alternative = /^Conflicting peer dependency: (\S+)/m.exec(text)?.[1];
  const chain = [resolving, found, wanted?.[4], alternative].filter((link) => link !== undefined);
  if (wanted === null || found === undefined) {
    return { kind: 'resolver-conflict', sentence: 'No set of versions satisfies every peer.', chain };
  }
  const [, sort = 'peer', name = '', range = '', from = ''] = wanted;
  const asks = from === 'the' ? 'The project' : from;
  const sentence = `${asks} wants ${sort === 'peer' ? 'as its peer ' : ''}${name} ${range.trim()}, but ${found} is in the tree.`;
  return { kind: 'resolver-conflict', sentence, chain };
}

function incomplete(text: string): ResolverFailure {
  const target = /No matching version found for (\S+?)\.?$/m.exec(text)?.[1];
  const absent =
    /'?(\S+?)'? is not in this registry/.exec(text)?.[1] ?? /404 Not Found - GET \S+\/(\S+)/.exec(text)?.[1];
  const missing = (target ?? absent ?? '').replace(/\.$/, '');
  const sentence =
    missing === '' ? 'The registry lacks a version that is needed.' : `The registry has no version for ${missing}.`;
  return { kind: 'registry-incomplete', sentence, missing };
}

function integritySentence(text: string): string {
  const name = /integrity checksum failed .*?(?:for|when using \S+: wanted) (\S+)/.exec(text)?.[1];
  return `A package arrived with other bytes than the registry promised${name === undefined ? '' : ` (${name.slice(0, 80)})`}.`;
}

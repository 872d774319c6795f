// What nobody at the place where it happens can deal with, when repositories talk to each other.
// Rule: nothing here repeats a token, and text of a peer is printable and bounded before it gets here (fault-message.ts).

import { Fault } from 'kernel/basics';

const list = (names: readonly string[]): string =>
  names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;

export const frameMalformed = (why: string, cause?: unknown): Fault =>
  new Fault('ATOMIC_FRAME_MALFORMED', {
    what: 'What the other side sent cannot be read.',
    why: `It is no message of Atomic: ${why}.`,
    next: 'Check that the address is that of an Atomic repository, and that both sides run a current version.',
    about: { kind: 'wrong-use' },
    cause,
  });

export const transferCut = (): Fault =>
  new Fault('ATOMIC_TRANSFER_CUT', {
    what: 'The transfer was cut off, and nothing was applied.',
    why: 'The other side ended in the middle of what it said.',
    next: 'Run the command again: what has arrived is kept, and it goes on from there.',
    about: { kind: 'unavailable', service: 'remote repository' },
  });

export const protocolUnknown = (theirs: number, ours: number): Fault =>
  new Fault('ATOMIC_PROTOCOL_UNKNOWN', {
    what: `The other side speaks version ${theirs} of the exchange.`,
    why: `This Atomic speaks version ${ours}.`,
    next: 'Install the same version of Atomic on both sides.',
    about: { kind: 'wrong-use' },
  });

export const remoteUnreachable = (url: string, cause: unknown): Fault =>
  new Fault('ATOMIC_REMOTE_UNREACHABLE', {
    what: `${url} cannot be reached.`,
    why: cause instanceof Error && cause.message !== '' ? `${cause.message}.` : 'It gave no reason.',
    next: 'Check the address and the network, then run the command again.',
    about: { kind: 'unavailable', service: url },
    cause,
  });

export const remoteSilent = (url: string, timeoutMs: number): Fault =>
  new Fault('ATOMIC_REMOTE_SILENT', {
    what: `${url} stopped answering.`,
    why: `Nothing came from it for ${Math.round(timeoutMs / 1000)} seconds.`,
    next: 'Run the command again: what has arrived is kept. A longer wait is set with attribution.remote.timeout_seconds.',
    about: { kind: 'unavailable', service: url },
  });

export const remoteDenied = (url: string, why: string): Fault =>
  new Fault('ATOMIC_REMOTE_DENIED', {
    what: `${url} did not let you in.`,
    why,
    next: 'Set ATOMIC_REMOTE_TOKEN to a token that it accepts for this, or store one with atomic remote token.',
    about: { kind: 'not-allowed' },
  });

export const remoteAnsweredOther = (url: string, what: string): Fault =>
  new Fault('ATOMIC_REMOTE_ANSWERED_OTHER', {
    what: `${url} is not answered by an Atomic repository.`,
    why: `It answered ${what}.`,
    next: 'Check the address: it ends in /atomic/v1/ and the name of the repository.',
    about: { kind: 'not-found' },
  });

export const remoteCommandFailed = (program: string, status: string, said: string): Fault =>
  new Fault('ATOMIC_REMOTE_COMMAND_FAILED', {
    what: `${program} ended before the exchange was done (${status}).`,
    why: said === '' ? 'It gave no reason.' : said,
    next: 'Try the same connection by hand, and check that atomic is installed on the other side.',
    about: { kind: 'unavailable', service: program },
  });

export const remoteUrlWrong = (url: string, why: string): Fault =>
  new Fault('ATOMIC_REMOTE_URL_WRONG', {
    what: `${JSON.stringify(url)} is no address of a repository.`,
    why,
    next: 'Write a path, http(s)://host/atomic/v1/name, ssh://host/path or host:path.',
    about: { kind: 'wrong-use' },
  });

export const remoteUrlSecret = (safe: string): Fault =>
  new Fault('ATOMIC_REMOTE_URL_SECRET', {
    what: `The address ${safe} was refused, for it had a password or token in it.`,
    why: 'Addresses are kept in the repository and shown; a secret in one would be read by whoever sees them.',
    next: 'Leave it out of the address, and set ATOMIC_REMOTE_TOKEN or run atomic remote token instead.',
    about: { kind: 'wrong-use' },
  });

export const remoteUnknown = (name: string, known: readonly string[]): Fault =>
  new Fault('ATOMIC_REMOTE_UNKNOWN', {
    what: `There is no remote ${JSON.stringify(name)}.`,
    why: known.length === 0 ? 'This repository has no remotes yet.' : `The remotes are ${list(known)}.`,
    next: 'Add it with atomic remote add NAME URL, or name an address.',
    about: { kind: 'not-found' },
  });

export const remoteExists = (name: string): Fault =>
  new Fault('ATOMIC_REMOTE_EXISTS', {
    what: `There is a remote ${JSON.stringify(name)} already.`,
    why: 'Two remotes cannot have one name.',
    next: 'Choose another name, or take it away first with atomic remote remove.',
    about: { kind: 'conflict' },
  });

export const remoteNameWrong = (name: string): Fault =>
  new Fault('ATOMIC_REMOTE_NAME_WRONG', {
    what: `A remote cannot be called ${JSON.stringify(name)}.`,
    why: 'Names begin with a letter or digit and go on with letters, digits, dots, dashes and underscores, up to 100.',
    next: 'Choose such a name.',
    about: { kind: 'wrong-use' },
  });

export const remoteRepositoryUnknown = (name: string): Fault =>
  new Fault('ATOMIC_REMOTE_REPOSITORY_UNKNOWN', {
    what: `There is no repository ${JSON.stringify(name)} here.`,
    why: 'Nothing is served under that name.',
    next: 'Check the address.',
    about: { kind: 'not-found' },
  });

export const remoteChannelUnknown = (name: string): Fault =>
  new Fault('ATOMIC_REMOTE_CHANNEL_UNKNOWN', {
    what: `The other side has no channel ${JSON.stringify(name)}.`,
    why: 'It may have been renamed or deleted there.',
    next: 'Name another with --channel.',
    about: { kind: 'not-found' },
  });

export const remoteReadOnly = (name: string): Fault =>
  new Fault('ATOMIC_REMOTE_READ_ONLY', {
    what: `Nothing was pushed to ${name}.`,
    why: 'You may read from it, but not write to it.',
    next: 'Ask whoever keeps it for the right to write, or push somewhere else.',
    about: { kind: 'not-allowed' },
  });

export const remoteRootWrong = (url: string): Fault =>
  new Fault('ATOMIC_REMOTE_ROOT_WRONG', {
    what: `What ${url} sent is not what it says it has, and nothing was applied.`,
    why: 'The root that it named is not the root of its patches.',
    next: 'Ask whoever keeps it to run atomic doctor, then try again.',
    about: { kind: 'unavailable', service: url },
  });

export const remoteMoved = (url: string): Fault =>
  new Fault('ATOMIC_REMOTE_MOVED', {
    what: `${url} was changed by somebody else again and again.`,
    why: 'Each time another push came in while the two repositories were compared.',
    next: 'Try again in a moment.',
    about: { kind: 'conflict' },
  });

export const remoteFellShort = (url: string, count: number): Fault =>
  new Fault('ATOMIC_REMOTE_FELL_SHORT', {
    what: `${url} did not send everything that it was asked for, and nothing was applied.`,
    why: count === 1 ? 'One patch that it has did not come.' : `${count} patches that it has did not come.`,
    next: 'Run the command again; if it happens again, ask whoever keeps it to run atomic doctor.',
    about: { kind: 'unavailable', service: url },
  });

export const remoteLimit = (what: string, limit: string): Fault =>
  new Fault('ATOMIC_REMOTE_LIMIT', {
    what: `${what} is refused.`,
    why: `The limit is ${limit}.`,
    next: 'Send less at once.',
    about: { kind: 'limit', retryAfterMs: null },
  });

/** What a policy of the receiving repository refuses. `what`: the patch, or the channel. */
export const pushRefused = (what: string, why: string): Fault =>
  new Fault('ATOMIC_PUSH_REFUSED', {
    what: `${what} was refused, and nothing was applied.`,
    why,
    next: 'Mend that, or ask whoever keeps the repository what it takes.',
    about: { kind: 'not-allowed' },
  });

export const attributionMismatch = (patch: string): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_MISMATCH', {
    what: `An attribution of patch ${patch} was refused, and nothing was applied.`,
    why: 'It is not the one that the patch was recorded with.',
    next: 'Ask where it comes from to run atomic audit verify.',
    about: { kind: 'not-allowed' },
  });

export const attributionUnsupported = (url: string): Fault =>
  new Fault('ATOMIC_ATTRIBUTION_UNSUPPORTED', {
    what: `Nothing was exchanged with ${url}.`,
    why: 'It knows no attribution, and attribution.remote.fallback_enabled is off.',
    next: 'Add --skip-attribution to exchange the patches without it.',
    about: { kind: 'not-allowed' },
  });

export const cloneTargetInUse = (folder: string): Fault =>
  new Fault('ATOMIC_CLONE_TARGET_IN_USE', {
    what: `Nothing was cloned into ${folder}.`,
    why: 'There is something in that folder already.',
    next: 'Name a folder that is empty or not there yet.',
    about: { kind: 'conflict' },
  });

export const remoteFailed = (cause: unknown): Fault =>
  new Fault('ATOMIC_REMOTE_FAILED', {
    what: 'The other side could not answer.',
    why: 'Something went wrong there that it did not expect.',
    next: 'Ask whoever keeps it to look at its messages, then try again.',
    about: { kind: 'unavailable', service: 'remote repository' },
    cause,
  });

export const tokenFileWrong = (file: string, line: number, why: string): Fault =>
  new Fault('ATOMIC_TOKEN_FILE_WRONG', {
    what: `Line ${line} of ${file} cannot be used.`,
    why,
    next: 'Write a line such as `write` and a token of 32 random characters for each token.',
    about: { kind: 'wrong-use' },
  });

export const serveUnguarded = (host: string): Fault =>
  new Fault('ATOMIC_SERVE_UNGUARDED', {
    what: `Nothing is served on ${host}.`,
    why: 'It can be reached from other machines, and without tokens everybody there could push.',
    next: 'Give tokens with --tokens FILE, or let everybody read only with --read-only.',
    about: { kind: 'wrong-use' },
  });

// From an address to the other side, over the transport that it names.

import type { Secret } from 'kernel/basics';

import { openRepository } from '../repository/repository.ts';
import { httpPeer } from './http-peer.ts';
import { localPeer } from './local-peer.ts';
import type { Peer } from './peer.ts';
import type { ReceivePolicy } from './receive-policy.ts';
import { parseRemoteUrl } from './remote-url.ts';
import { sshPeer } from './ssh-peer.ts';

export interface PeerOptions {
  /** Where relative paths begin. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly timeoutMs: number;
  /** The token for an address of HTTP, if there is one. */
  readonly tokenFor: (url: URL) => Secret | null;
  /** What a repository on this machine takes. */
  readonly policyOf: (root: string) => ReceivePolicy;
  /** Who asks, for the audit log of a repository on this machine. */
  readonly who: string;
}

const SSH = 'ssh';

/** Throws ATOMIC_REMOTE_URL_WRONG, ATOMIC_REPOSITORY_MISSING. The caller closes it. */
export function openPeer(url: string, access: 'read' | 'write', options: PeerOptions): Peer {
  const address = parseRemoteUrl(url, options.folder);
  const { environment, timeoutMs } = options;
  switch (address.kind) {
    case 'http':
      return httpPeer({ url: address.url, token: options.tokenFor(address.url), timeoutMs });
    case 'ssh':
      return sshPeer({ address, program: environment['ATOMIC_SSH'] ?? SSH, environment, timeoutMs });
    case 'path':
      return localPeer({
        repository: openRepository(address.path, { readOnly: access === 'read', processName: 'atomic push' }),
        name: address.path,
        access,
        who: options.who,
        policy: options.policyOf(address.path),
      });
  }
}

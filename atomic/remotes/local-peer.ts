// A repository on this machine, asked in this process.

import { answer } from './answer.ts';
import type { Host } from './asked.ts';
import { framesIn } from './frames.ts';
import type { Peer } from './peer.ts';

/** `host.repository` is closed with the peer. */
export function localPeer(host: Host): Peer {
  return {
    url: host.name,
    exchange: (request) => answer(host, framesIn(request)),
    close() {
      host.repository.close();
      return Promise.resolve();
    },
  };
}

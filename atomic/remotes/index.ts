// The door for programs that exchange patches in their own process, and for servers that mount repositories.

export { cloneInto, type Cloned, type CloneOptions } from './clone.ts';
export {
  handleRemoteRequest,
  MEDIA_TYPE,
  type Granted,
  type RemoteHandler,
  type ServedRepository,
} from './handle-request.ts';
export { localPeer } from './local-peer.ts';
export { openPeer, type PeerOptions } from './open-peer.ts';
export type { Peer, Traffic } from './peer.ts';
export { pullFrom, type Exchanged, type ExchangeOptions } from './pull.ts';
export { pushTo, type Pushed, type PushOptions } from './push.ts';
export { OPEN_POLICY, type ReceivePolicy } from './receive-policy.ts';
export { serveHttp, type ServedHttp } from './serve-http.ts';
export { serveStdio } from './serve-stdio.ts';

// A repository behind HTTP.
// Rule: a token goes in a header to the address it is for, and nowhere else: redirects are not followed. A server that
// says nothing for the time that was set is given up.

import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { once } from 'node:events';

import { Fault, type Secret } from 'kernel/basics';

import { remoteAnsweredOther, remoteDenied, remoteSilent, remoteUnreachable, transferCut } from './faults.ts';
import { MEDIA_TYPE } from './handle-request.ts';
import type { Peer } from './peer.ts';

export interface HttpPeerOptions {
  /** Up to the name of the repository. */
  readonly url: URL;
  readonly token: Secret | null;
  readonly timeoutMs: number;
}

export function httpPeer({ url, token, timeoutMs }: HttpPeerOptions): Peer {
  const isSecure = url.protocol === 'https:';
  const agent = isSecure ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const place = new URL(`${url.href.replace(/\/+$/, '')}/rpc`);
  const headers = {
    'content-type': MEDIA_TYPE,
    accept: MEDIA_TYPE,
    ...(token === null ? {} : { authorization: `Bearer ${token.reveal()}` }),
  };
  const begin = isSecure ? httpsRequest : httpRequest;
  return {
    url: url.href,
    async *exchange(body) {
      const request = begin(place, { method: 'POST', headers, agent });
      request.setTimeout(timeoutMs, () => request.destroy(remoteSilent(url.href, timeoutMs)));
      const answered = answerTo(request);
      const sent = send(request, body);
      let isAnswered = false;
      try {
        const response = await Promise.race([answered, sent.then(() => answered)]);
        checkAnswer(url.href, response);
        isAnswered = true;
        yield* chunksOf(response);
        await sent;
      } catch (thrown) {
        throw thrown instanceof Fault ? thrown : remoteUnreachable(url.href, thrown);
      } finally {
        // What is left of an answer is read away, so that the connection serves the next request.
        if (isAnswered && request.writableEnded) answered.then((response) => response.resume(), ignored);
        else request.destroy();
        sent.catch(ignored);
      }
    },
    close() {
      agent.destroy();
      return Promise.resolve();
    },
  };
}

/** Told already, by the answer or by its fault. */
const ignored = (): void => undefined;

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
}

/** Ends early where the other side has answered already and takes no more. */
async function send(request: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  let isFull = false;
  for await (const chunk of body) {
    if (isFull) await Promise.race([once(request, 'drain'), once(request, 'close')]);
    if (request.destroyed) return;
    isFull = !request.write(chunk);
  }
  request.end();
}

async function* chunksOf(response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  try {
    yield* response.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (thrown) {
    if (thrown instanceof Fault) throw thrown;
    throw transferCut();
  }
}

function checkAnswer(url: string, { statusCode = 0, headers }: IncomingMessage): void {
  // Ours tells what is wrong in its own words.
  if (headers['content-type'] === MEDIA_TYPE) return;
  if (statusCode === 401 || statusCode === 403) throw remoteDenied(url, `It answered with status ${statusCode}.`);
  throw remoteAnsweredOther(url, `with status ${statusCode}`);
}

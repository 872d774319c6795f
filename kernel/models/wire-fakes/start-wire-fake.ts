// A server on loopback that speaks the protocols of all providers and does what a script says for each request.
// Not here: what an answer looks like in each protocol (a file for each).

import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { chatCompletions } from './chat-completions.ts';
import { gemini } from './gemini.ts';
import { messages } from './messages.ts';
import { protocolOf, readBody, readRequest } from './read-request.ts';
import { responses } from './responses.ts';
import type {
  WireAnswer,
  WireBehaviour,
  WireFormat,
  WireFrame,
  WireProtocol,
  WireRequest,
  WireScript,
} from './wire.ts';

export interface WireFake {
  /** With `/v1`, as OpenAI, Anthropic, Qwen, Hugging Face and compatible servers are given. */
  readonly url: string;
  /** With `/v1beta`, as Gemini is given. */
  readonly geminiUrl: string;
  readonly port: number;
  /** All requests so far, the newest last; at most the last 1,000. */
  readonly requests: readonly WireRequest[];
  readonly requestCount: number;
  setScript(script: WireScript): void;
  close(): Promise<void>;
}

const REQUESTS_KEPT = 1000;

const FORMATS: Readonly<Record<WireProtocol, WireFormat>> = {
  'chat-completions': chatCompletions,
  responses,
  messages,
  gemini,
};

/** Starts on a free port. `models` is what `/v1/models` lists. */
export async function startWireFake(
  script: WireScript,
  models: readonly string[] = ['local-model'],
): Promise<WireFake> {
  const requests: WireRequest[] = [];
  let current = script;
  let count = 0;
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const protocol = protocolOf(path);
    if (path.endsWith('/v1/models')) return sendJson(response, 200, { data: models.map((id) => ({ id })) });
    if (protocol === undefined) return sendJson(response, 404, { error: { message: `No route ${path}` } });
    readBody(request)
      .then(async (body) => {
        count += 1;
        const read = readRequest(protocol, path, body, { number: count, headers: request.headers });
        requests.push(read);
        if (requests.length > REQUESTS_KEPT) requests.shift();
        await behave(current(read), { request: read, response, format: FORMATS[protocol] });
      })
      // A script or a request that the fake cannot follow is the test's mistake: it sees a 418 with the reason.
      .catch((error: unknown) => sendJson(response, 418, { error: { message: String(error) } }));
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}/v1`,
    geminiUrl: `http://127.0.0.1:${port}/v1beta`,
    port,
    requests,
    get requestCount() {
      return count;
    },
    setScript: (next) => void (current = next),
    close: () => closed(server),
  };
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

interface Exchange {
  readonly request: WireRequest;
  readonly response: ServerResponse;
  readonly format: WireFormat;
}

async function behave(behaviour: WireBehaviour, exchange: Exchange): Promise<void> {
  const { response, format, request } = exchange;
  switch (behaviour.kind) {
    case 'hang':
      return;
    case 'raw':
      response.writeHead(200, { 'content-type': behaviour.contentType });
      return void response.end(behaviour.body);
    case 'status': {
      const body = behaviour.body ?? format.errorBody(behaviour.status, behaviour.message ?? 'No.');
      return sendJson(response, behaviour.status, body, { ...behaviour.headers });
    }
    default:
      if (request.isStream) return stream(behaviour, exchange);
      return whole(behaviour, exchange);
  }
}

async function whole(answer: WireAnswer, { request, response, format }: Exchange): Promise<void> {
  const text = JSON.stringify(format.whole(answer, request.model));
  if (answer.fault === undefined) return sendJson(response, 200, text);
  if (answer.fault.how === 'stall') return;
  response.writeHead(200, { 'content-type': 'application/json' });
  response.write(answer.fault.how === 'garbage' ? '<html>' : text.slice(0, Math.floor(text.length / 2)));
  await sleep(0);
  if (answer.fault.how === 'drop') response.destroy();
  else response.end();
}

async function stream(answer: WireAnswer, { request, response, format }: Exchange): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const frames = format.frames(answer, request.model);
  const { fault, pieceDelayMs = 0 } = answer;
  const sent = fault === undefined ? undefined : beforeFault(frames, fault);
  if (pieceDelayMs === 0 || sent !== undefined) response.write(sent ?? frames.map(({ text }) => text).join(''));
  else {
    for (const { text } of frames) {
      if (response.destroyed) return;
      response.write(text);
      await sleep(pieceDelayMs);
    }
  }
  if (fault === undefined) return void response.end();
  // What was written has to leave the machine before the socket is torn down.
  await sleep(2);
  breakOff(fault.how, response, format);
}

/** What leaves before the fault: whole frames, or bytes of the body. */
function beforeFault(frames: readonly WireFrame[], fault: NonNullable<WireAnswer['fault']>): Buffer {
  if (fault.afterBytes !== undefined) {
    return Buffer.from(frames.map(({ text }) => text).join('')).subarray(0, fault.afterBytes);
  }
  let left = fault.afterPieces ?? 0;
  const until = frames.findIndex(({ isPiece }) => isPiece && (left -= 1) < 0);
  return Buffer.from((until === -1 ? frames : frames.slice(0, until)).map(({ text }) => text).join(''));
}

function breakOff(how: NonNullable<WireAnswer['fault']>['how'], response: ServerResponse, format: WireFormat): void {
  switch (how) {
    case 'stall':
      return;
    case 'drop':
      return void response.destroy();
    case 'clean-end':
      return void response.end();
    case 'garbage':
      return void response.end('data: <html>502 Bad Gateway</html>\n\n');
    case 'half-json':
      return void response.end('data: {"id":"x","choices":[{"delta":{"cont\n\n');
    default:
      return void response.end(format.errorEvent(how));
  }
}

// A response whose body is one JSON document, as the packages of providers read it: status and headers, then all of the
// body by one reader. The built-in response with its streams takes as long as everything else of a call to a provider.
// Rule: it is there from the head of the answer on, so that who asked knows that the provider has begun.
// Rule: whatever else a response can do, the built-in one does, made of the document once it has come.

import type { IncomingMessage } from 'node:http';

/** As the built-in fetch says it, and as the packages look for it. */
export const failed = (cause: Error): TypeError => new TypeError('fetch failed', { cause });

type Piece = { readonly done: boolean; readonly value: Uint8Array | undefined };

/** `over`: the body has come, or broke. */
export function documentOf(message: IncomingMessage, over: () => void): Response {
  const status = message.statusCode ?? 502;
  const headers = new Headers();
  const { rawHeaders } = message;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '');
  const body = new DocumentBody(message, over);
  const builtIn = async () => new Response(await body.whole(), { status, headers });
  const light = {
    status,
    statusText: message.statusMessage ?? '',
    ok: status >= 200 && status < 300,
    headers,
    body,
    text: async () => new TextDecoder().decode(await body.whole()),
    json: async () => (await builtIn()).json(),
    arrayBuffer: async () => (await builtIn()).arrayBuffer(),
    blob: async () => (await builtIn()).blob(),
  };
  // Typed as what the packages ask for; they use no more of it than stands here.
  return light as unknown as Response;
}

class DocumentBody {
  readonly #message: IncomingMessage;
  readonly #over: () => void;
  #whole: Promise<Uint8Array<ArrayBuffer>> | undefined;

  constructor(message: IncomingMessage, over: () => void) {
    this.#message = message;
    this.#over = over;
  }

  /** All of it at once; a second time the same. */
  whole(): Promise<Uint8Array<ArrayBuffer>> {
    this.#whole ??= this.#read();
    return this.#whole;
  }

  getReader() {
    let isRead = false;
    return {
      read: async (): Promise<Piece> => {
        if (isRead) return { done: true, value: undefined };
        isRead = true;
        return { done: false, value: await this.whole() };
      },
      // After the last piece the packages cancel what they have read.
      cancel: async (): Promise<void> => this.cancel(),
      releaseLock: (): void => undefined,
    };
  }

  async cancel(): Promise<void> {
    if (this.#message.readableEnded) return;
    this.#over();
    this.#message.destroy();
  }

  #read(): Promise<Uint8Array<ArrayBuffer>> {
    const message = this.#message;
    return new Promise((resolve, reject) => {
      const pieces: Buffer[] = [];
      const breakWith = (error: Error): void => {
        this.#over();
        reject(failed(error));
      };
      message.on('data', (piece: Buffer) => pieces.push(piece));
      message.once('end', () => {
        this.#over();
        resolve(new Uint8Array(Buffer.concat(pieces)));
      });
      message.once('error', breakWith);
      message.once('close', () => message.readableEnded || breakWith(new Error('The connection was closed.')));
      if (message.destroyed && !message.readableEnded) breakWith(new Error('The connection was closed.'));
    });
  }
}

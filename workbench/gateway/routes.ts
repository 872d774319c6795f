// The gateway under /v1 as routes: the wires of OpenAI and Anthropic, for whatever speaks them, and the list of models.
// Not here: how a call is answered (wires.ts).

import { Hono, type Context } from 'hono';

import { described } from '../server/openapi.ts';
import type { DirectAnswer, DirectCall } from '../server/direct-routes.ts';
import { gatewayModelUnknown, gatewayRequestWrong } from './faults.ts';
import { openAiError } from './wire-errors.ts';
import { callerOf, createWires, inWords, jsonAnswer, type GatewayPorts, type Wires } from './wires.ts';

const tag = 'Gateway';

export function gatewayRoutes(ports: GatewayPorts, wires: Wires = createWires(ports)): Hono {
  const app = new Hono();
  app.get('/models', described({ summary: 'What can be asked', tag }), async (context) =>
    responseOf(await inWords(openAiError, () => listModels(context, ports))),
  );
  app.get('/models/:id', described({ summary: 'One of them', tag }), async (context) =>
    responseOf(await inWords(openAiError, () => oneModel(context, ports))),
  );
  app.post('/chat/completions', described({ summary: 'The wire of OpenAI', tag }), async (context) =>
    responseOf(await wires.completions(callOf(context))),
  );
  app.post('/messages', described({ summary: 'The wire of Anthropic', tag }), async (context) =>
    responseOf(await wires.messages(callOf(context))),
  );
  app.all('/*', async () =>
    responseOf(await inWords(openAiError, () => Promise.reject(gatewayRequestWrong('The address', NOTHING_THERE)))),
  );
  return app;
}

const NOTHING_THERE = 'there is nothing there';

const callOf = (context: Context): DirectCall => ({
  header: (name) => context.req.header(name),
  text: () => context.req.text(),
  onGone: (then) => context.req.raw.signal.addEventListener('abort', then, { once: true }),
});

function responseOf({ status, headers, body }: DirectAnswer): Response {
  return new Response(typeof body === 'string' ? body : streamOf(body), { status, headers });
}

function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await pieces.next();
      if (done === true) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}

async function listModels(context: Context, ports: GatewayPorts): Promise<DirectAnswer> {
  await callerOf(callOf(context), ports);
  // Anthropic's clients say which version they speak, and expect another shape.
  if (context.req.header('anthropic-version') !== undefined) {
    const data = ports.models.catalogue().map(({ id }) => ({
      type: 'model',
      id,
      display_name: id,
      created_at: new Date(0).toISOString(),
    }));
    return jsonAnswer({ data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
  }
  return jsonAnswer({ object: 'list', data: ports.models.catalogue().map(modelOf) });
}

async function oneModel(context: Context, ports: GatewayPorts): Promise<DirectAnswer> {
  await callerOf(callOf(context), ports);
  const id = decodeURIComponent(context.req.param('id') ?? '');
  const entry = ports.models.catalogue().find((each) => each.id === id);
  if (entry === undefined) throw gatewayModelUnknown(id);
  return jsonAnswer(modelOf(entry));
}

const modelOf = ({ id, ownedBy }: { readonly id: string; readonly ownedBy: string }) => ({
  id,
  object: 'model',
  created: 0,
  owned_by: ownedBy,
});

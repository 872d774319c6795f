// A model server that answers at once, so that what is measured is the way there. Prints its port.

import { createServer } from 'node:http';

const TEXT = 'The quick brown fox jumps over the lazy dog.';
const usage = { prompt_tokens: 11, completion_tokens: 9, total_tokens: 20 };
const whole = JSON.stringify({
  id: 'c1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-4o',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: TEXT } }],
  usage,
});
const chunk = (delta: object, finish: string | null, rest: object = {}): string =>
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices: [{ index: 0, delta, finish_reason: finish }], ...rest })}\n\n`;
const streamed = [
  ...TEXT.split(/(?<= )/).map((content) => chunk({ content }, null)),
  chunk({}, 'stop'),
  `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'gpt-4o', choices: [], usage })}\n\n`,
  'data: [DONE]\n\n',
].join('');

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
  request.on('end', () => {
    const isStream = body.includes('"stream":true');
    response.writeHead(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' });
    response.end(isStream ? streamed : whole);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
});

// The figures of the seed that are below a millisecond: an answer from the cache, an event, the look whether a module is
// there, a handler. Each is the median and the p99 of many; the floor is a call of an empty function through a map.

import { createEvents } from 'chat/events';
import { createRegistry, defineModule } from 'chat/modules';
import { createChatApi, createModulesApi, createRequests } from 'chat/requests';
import { systemClock } from 'kernel/basics';

import { quantile, report, rounds } from './measuring/report.ts';

const RUNS = rounds(20_000);
const ANSWER = JSON.stringify({ messages: Array.from({ length: 50 }, (_, id) => ({ id, content: 'x'.repeat(200) })) });

async function timesOf(work: () => unknown): Promise<{ readonly middle: number; readonly p99: number }> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return { middle: quantile(times), p99: quantile(times, 0.99) };
}

const requests = createRequests({ baseUrl: 'http://127.0.0.1:9/api', fetch: async () => new Response(ANSWER) });
const events = createEvents();
const context = {
  events,
  requests,
  clock: systemClock,
  api: createChatApi(requests),
  modules: createModulesApi(requests),
  chatId: () => null,
};
const registry = createRegistry([defineModule({ name: 'persona', setup: () => ({}) })], context);
await registry.start();
for (let handler = 0; handler < 10; handler += 1) events.on('chat:selected', () => undefined);
events.on('message:like', ({ messageId }) => messageId.length);

const cached = { useCache: true, cacheKey: 'history' } as const;
await requests.request('GET', '/chat/c1/history', undefined, cached);
const empty = new Map([['x', () => undefined]]);
const { middle: floor } = await timesOf(() => empty.get('x')?.());
/** Reported in microseconds: in milliseconds there would be nothing to read. */
const inMicroseconds = (ms: number): number => ms * 1000;
const of = { floor: inMicroseconds(floor), floorName: 'an empty call', unit: '' } as const;
const measured = {
  'an answer from the cache': await timesOf(() => requests.request('GET', '/chat/c1/history', undefined, cached)),
  'an event with ten handlers': await timesOf(() => events.triggerChatEvent('chat:selected', { chatId: 'c1' })),
  'an event with one handler': await timesOf(() => events.triggerChatEvent('message:like', { messageId: 'm1' })),
  'whether a module is there': await timesOf(() => registry.isModuleAvailable('personaModule')),
  'the whole status': await timesOf(() => registry.getStatus()),
};
report(
  'chat-quick',
  Object.entries(measured).flatMap(([what, { middle, p99 }]) => [
    { what: `${what}, median in µs`, value: inMicroseconds(middle), ...of },
    { what: `${what}, p99 in µs`, value: inMicroseconds(p99), ...of },
  ]),
);
registry.close();

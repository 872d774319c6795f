import { manualClock, type ManualClock } from 'kernel/basics';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';

import { createEvents } from '../events/index.ts';
import type { Message } from '../protocol/index.ts';
import { createChatApi, createModulesApi, createRequests } from '../requests/index.ts';
import { startChatServer, type ChatServer } from '../requests/fixtures/chat-server.ts';
import { defineModule, type AnyModule, type ModuleContext } from './define-module.ts';
import { giftsModule } from './gifts.ts';
import { inOrder } from './order.ts';
import { personaModule, scenarioModule } from './personas.ts';
import { promptsModule } from './prompts.ts';
import { createRegistry } from './registry.ts';
import { analyticsModule, suggestionsModule } from './suggestions.ts';

const servers: ChatServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function ground(): Promise<ModuleContext & { readonly server: ChatServer; readonly clock: ManualClock }> {
  const server = await startChatServer();
  servers.push(server);
  server.room('c1');
  const clock = manualClock();
  const requests = createRequests({ baseUrl: server.base });
  const events = createEvents();
  const api = createChatApi(requests, events);
  return { server, clock, requests, events, api, modules: createModulesApi(requests), chatId: () => 'c1' };
}

/** Where no server is needed. */
function bare(): ModuleContext & { readonly clock: ManualClock } {
  const requests = createRequests();
  const events = createEvents();
  const parts = { requests, events, api: createChatApi(requests), modules: createModulesApi(requests) };
  return { ...parts, clock: manualClock(), chatId: () => null };
}

const named = (name: string, more: Partial<AnyModule> = {}): AnyModule => ({ name, setup: () => name, ...more });
const SEED = [personaModule, scenarioModule, promptsModule, giftsModule, suggestionsModule];

test('each begins after what it uses, and a circle is named', () => {
  const order = inOrder([named('c', { requires: ['b'] }), named('b', { optional: ['a', 'z'] }), named('a')]);
  expect(order.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  const circle = [named('a', { requires: ['b'] }), named('b', { optional: ['c'] }), named('c', { requires: ['a'] })];
  expect(() => inOrder(circle)).toThrow('a → b → c → a');
  expect(() => inOrder([named('a'), named('a')])).toThrow('one of that name');
});

test('whatever uses whatever before it, the order holds', () => {
  const uses = fc.array(fc.array(fc.nat(9), { maxLength: 4 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(uses, (lists) => {
      // Only those with a smaller number are used, so there is no circle.
      const modules = lists.map((list, at) =>
        named(`m${at}`, { requires: list.filter((use) => use < at).map((use) => `m${use}`) }),
      );
      const order = inOrder(modules.toReversed()).map(({ name }) => name);
      return modules.every(({ name, requires = [] }) =>
        requires.every((use) => order.indexOf(use) < order.indexOf(name)),
      );
    }),
  );
});

test('what is required and not there is listed', () => {
  const registry = createRegistry([named('a', { requires: ['b'] }), named('c')], bare());
  expect(registry.verifyRequiredModules()).toEqual([{ module: 'a', requires: 'b' }]);
});

test('the seed’s five begin against a server and are counted', async () => {
  const context = await ground();
  const registry = createRegistry(SEED, context);
  const status = await registry.start();
  expect(status.summary).toBe('5 of 5 modules integrated');
  expect(status.modules).toEqual({
    personaModule: true,
    scenarioModule: true,
    promptManager: true,
    giftManager: true,
    suggestionsManager: true,
  });
  expect(registry.getIntegratedModules()).toHaveLength(5);
  expect(registry.getStats()).toMatchObject({ modules: 5, ready: 5 });
});

test('who is not there is absent, who failed is degraded by its fallback or failed, and none of them counts', async () => {
  const context = await ground();
  context.server.fate = (_, path) => (path.includes('prompts') ? { status: 400 } : null);
  const broken = named('polls', { setup: () => Promise.reject(new Error('no polls')) });
  const registry = createRegistry([personaModule, promptsModule, giftsModule, broken], context);
  const status = await registry.start();
  expect(status.states).toEqual({
    personaModule: 'ready',
    scenarioModule: 'absent',
    promptManager: 'degraded',
    giftManager: 'ready',
    suggestionsManager: 'absent',
    polls: 'failed',
  });
  expect(status.summary).toBe('2 of 6 modules integrated');
  expect(status.reasons['polls']).toBe('no polls');
  expect(registry.isModuleAvailable('promptManager')).toBe(false);
  expect(registry.isModuleAvailable('personaModule') && registry.isModuleAvailable('persona')).toBe(true);
  expect(await registry.port(promptsModule)?.getPrompt('p1')).toEqual({
    id: 'p1',
    version: 0,
    content: '',
    missing: [],
  });
});

test('one that lacks what it requires does not begin, and says what it lacks', async () => {
  const registry = createRegistry([named('a', { requires: ['b'] })], bare());
  const status = await registry.start();
  expect(status.states['a']).toBe('failed');
  expect(status.reasons['a']).toContain('requires what is not there: b');
});

test('a setup that takes longer than five seconds is given up, and told to stop', async () => {
  const context = bare();
  let stopped: AbortSignal | undefined;
  const slow = named('slow', {
    setup: ({ signal }) => {
      stopped = signal;
      return new Promise(() => {});
    },
  });
  const registry = createRegistry([slow, named('quick')], context);
  const started = registry.start();
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await context.clock.advance(5000);
  const { states } = await started;
  expect(states).toMatchObject({ slow: 'failed', quick: 'ready' });
  expect(stopped?.aborted).toBe(true);
});

test('chatcore:ready is said once, and whoever comes later hears it too', async () => {
  const context = bare();
  const heard: string[] = [];
  context.events.on('chatcore:ready', ({ summary }) => heard.push(`early: ${summary}`));
  const registry = createRegistry([named('a')], context);
  await registry.start();
  await registry.start();
  context.events.on('chatcore:ready', ({ summary }) => heard.push(`late: ${summary}`));
  await Promise.resolve();
  expect(heard).toEqual(['early: 1 of 6 modules integrated', 'late: 1 of 6 modules integrated']);
});

test('a stand-in that a caller brings is used, and seen as one', async () => {
  const registry = createRegistry([], bare());
  await registry.start();
  const port = registry.handleModuleUnavailable('persona', () => ({ stands: 'in' }));
  expect(port).toEqual({ stands: 'in' });
  expect(registry.getStatus().states['personaModule']).toBe('degraded');
  expect(registry.getStatus().modules['personaModule']).toBe(false);
});

const SENT = { chatId: 'c1', messageId: 'm1', content: 'hi', timestamp: 0 };

test('hooks run beside each other; one that is slow or throws holds nobody up and is told', async () => {
  const context = bare();
  const heard: string[] = [];
  context.events.on('chat:error', ({ where }) => heard.push(where));
  const hooked = (name: string, onMessageSent: () => unknown): AnyModule =>
    named(name, { hooks: () => ({ onMessageSent }) });
  const registry = createRegistry(
    [
      hooked('slow', () => new Promise(() => {})),
      hooked('broken', () => {
        throw new Error('x');
      }),
      hooked('fine', () => heard.push('fine')),
    ],
    context,
  );
  await registry.start();
  context.events.triggerChatEvent('message:sent', SENT);
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  expect(heard).toEqual(['fine', 'onMessageSent of broken']);
  await context.clock.advance(50);
  await Promise.resolve();
  expect(heard.at(-1)).toBe('onMessageSent of slow');
  registry.close();
  context.events.triggerChatEvent('message:sent', SENT);
  await Promise.resolve();
  expect(heard).toHaveLength(3);
});

test('modules change a request one after the other; what fails or is no request changes nothing', async () => {
  const context = bare();
  const changing = (name: string, change: (content: string) => unknown): AnyModule =>
    named(name, { hooks: () => ({ transformRequest: (request) => change(request.content) as never }) });
  const registry = createRegistry(
    [
      changing('one', (content) => ({ content: `${content}!`, artifactIds: [] })),
      changing('two', () => ({ evil: true })),
      changing('three', (content) => ({ content: `${content}?`, artifactIds: [] })),
      changing('never', () => new Promise(() => {})),
    ],
    context,
  );
  await registry.start();
  const changed = registry.transformRequest({ content: 'hi', artifactIds: [] });
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  await context.clock.advance(50);
  expect((await changed).content).toBe('hi!?');
});

test('a persona, a scenario and a prompt are chosen on the server, and each is told', async () => {
  const context = await ground();
  const told: string[] = [];
  context.events.on('persona:added', ({ persona }) => told.push(`persona ${persona.id !== undefined}`));
  context.events.on('scenario:changed', ({ scenarioId }) => told.push(`scenario ${scenarioId !== null}`));
  context.events.on('prompt:retrieved', ({ content }) => told.push(`prompt ${content}`));
  context.events.on('gift:opened', ({ rewards }) => told.push(`gifts ${rewards?.points}`));
  context.events.on('suggestions:retrieved', ({ suggestions }) => told.push(`suggestions ${suggestions.length}`));
  const registry = createRegistry(SEED, context);
  await registry.start();
  told.length = 0;
  const persona = await registry.port(personaModule)?.addPersona({ name: 'Ada', description: 'Counts.' });
  const scenario = await registry.port(scenarioModule)?.addScenario({ name: 'Harbour', description: 'At night.' });
  await registry.port(scenarioModule)?.setScenario(scenario?.id ?? '');
  const prompt = await registry.port(promptsModule)?.save({ name: 'p', content: 'Dear {{name}}' });
  await registry.port(promptsModule)?.getPrompt(prompt?.id ?? '', { name: 'Ada' });
  await registry.port(giftsModule)?.openGiftPanel();
  await registry.port(suggestionsModule)?.getSuggestions();
  expect(told).toEqual(['persona true', 'scenario true', 'prompt Dear Ada', 'gifts 12', 'suggestions 1']);
  expect(context.server.room('c1').chat).toMatchObject({ personaId: persona?.id, scenarioId: scenario?.id });
});

test('a persona that comes from the page around is made here, once', async () => {
  const context = await ground();
  const registry = createRegistry([personaModule], context);
  await registry.start();
  const made = new Promise((resolve) =>
    context.events.on('persona:added', ({ persona }) => (persona.id === undefined ? undefined : resolve(persona.name))),
  );
  context.events.triggerChatEvent('persona:added', { persona: { name: 'Ada', description: '' } });
  expect(await made).toBe('Ada');
  expect(await registry.port(personaModule)?.list()).toHaveLength(1);
});

test('an answer brings points: gifts are asked for anew', async () => {
  const context = await ground();
  const registry = createRegistry([giftsModule], context);
  await registry.start();
  const points: number[] = [];
  const news = new Promise<void>((resolve) => {
    registry.port(giftsModule)?.watch((rewards) => (points.push(rewards.points) > 1 ? resolve() : undefined));
  });
  context.events.triggerChatEvent('message:received', { chatId: 'c1', message: { id: 'm' } as Message });
  await news;
  expect(points).toEqual([12, 12]);
});

test('analytics counts names, and another module may use it where it is there', async () => {
  const context = bare();
  const analytics = analyticsModule();
  const user = defineModule({
    name: 'user',
    optional: ['analytics'],
    setup: ({ port }) => port(analytics)?.counts() ?? null,
  });
  const registry = createRegistry([user, analytics], context);
  await registry.start();
  context.events.triggerChatEvent('chat:selected', { chatId: 'c' });
  expect(registry.port(user)).toEqual({});
  expect(registry.port(analytics)?.counts()).toMatchObject({ 'chat:selected': 1 });
  const without = createRegistry([user], bare());
  await without.start();
  expect(without.port(user)).toBeNull();
});

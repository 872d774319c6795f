// The routes of what modules keep: characters, personas, scenarios, prompts, rewards, suggestions, pictures, embeds.

import type { Context, Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import * as z from 'zod/mini';

import { mebibytes } from 'kernel/basics';
import { limitBody, validated } from 'kernel/http';

import {
  ArtifactAdded,
  Character,
  Embed,
  EmbedDraft,
  FilledPrompt,
  Gift,
  Persona,
  PersonaDraft,
  Prompt,
  PromptDraft,
  Rewards,
  Scenario,
  ScenarioDraft,
  Suggestions,
  Visitor,
} from '../protocol/index.ts';
import { addArtifact, artifactBody } from './artifacts.ts';
import { characters, chatOfPerson } from './chats.ts';
import { listEmbeds, removeEmbed, saveEmbed, VISITOR_TOKEN_START, welcomeVisitor } from './embeds.ts';
import { noImageModel, thingNotFound } from './faults.ts';
import { personas, scenarios } from './personas.ts';
import { addPrompt, changePrompt, fillPrompt, listPrompts, promptVersions, removePrompt } from './prompts.ts';
import { openGift, rewardsOf } from './rewards.ts';
import { answers, type ChatRoutePorts } from './route-ports.ts';
import { suggestionsOf } from './suggestions.ts';
import type { ChatTables } from './tables.ts';

const RewardsQuery = z.object({ timeZone: z._default(z.string().check(z.maxLength(60)), 'UTC') });
const SuggestionsQuery = z.object({ chatId: z.string().check(z.maxLength(100)) });
const idOf = (context: Context): string => context.req.param('id') ?? '';

export function addModuleRoutes(app: Hono, ports: ChatRoutePorts): void {
  addPersonas(app, ports);
  addScenarios(app, ports);
  addPrompts(app, ports);
  addRewards(app, ports);
  addArtifacts(app, ports);
  addEmbeds(app, ports);
}

function addPersonas(app: Hono, { conversations, readerOf, mayTalk }: ChatRoutePorts): void {
  const list = z.object({ characters: z.array(Character) });
  app.get(
    '/characters',
    describeRoute({ summary: 'Whom one can talk to', ...answers(200, 'Characters', list) }),
    mayTalk,
    (context) => context.json({ characters: characters() }),
  );
  const own = z.object({ personas: z.array(Persona) });
  app.get(
    '/personas',
    describeRoute({ summary: 'Your personas', ...answers(200, 'Personas', own) }),
    mayTalk,
    async (context) => context.json({ personas: await personas.list(conversations, readerOf(context).id) }),
  );
  app.post(
    '/personas',
    describeRoute({ summary: 'Adds a persona', ...answers(201, 'Persona', Persona) }),
    mayTalk,
    validated('json', PersonaDraft),
    async (context) =>
      context.json(await personas.add(conversations, readerOf(context).id, context.req.valid('json')), 201),
  );
  app.put(
    '/personas/:id',
    describeRoute({ summary: 'Changes a persona', ...answers(200, 'Persona', Persona) }),
    mayTalk,
    validated('json', PersonaDraft),
    async (context) =>
      context.json(
        await personas.change(
          conversations,
          { person: readerOf(context).id, id: idOf(context) },
          context.req.valid('json'),
        ),
      ),
  );
  app.delete('/personas/:id', describeRoute({ summary: 'Removes a persona' }), mayTalk, async (context) => {
    await personas.remove(conversations, readerOf(context).id, idOf(context));
    return context.body(null, 204);
  });
}

function addScenarios(app: Hono, { conversations, readerOf, mayTalk }: ChatRoutePorts): void {
  const own = z.object({ scenarios: z.array(Scenario) });
  app.get(
    '/scenarios',
    describeRoute({ summary: 'Your scenarios', ...answers(200, 'Scenarios', own) }),
    mayTalk,
    async (context) => context.json({ scenarios: await scenarios.list(conversations, readerOf(context).id) }),
  );
  app.post(
    '/scenarios',
    describeRoute({ summary: 'Adds a scenario', ...answers(201, 'Scenario', Scenario) }),
    mayTalk,
    validated('json', ScenarioDraft),
    async (context) =>
      context.json(await scenarios.add(conversations, readerOf(context).id, context.req.valid('json')), 201),
  );
  app.put(
    '/scenarios/:id',
    describeRoute({ summary: 'Changes a scenario', ...answers(200, 'Scenario', Scenario) }),
    mayTalk,
    validated('json', ScenarioDraft),
    async (context) =>
      context.json(
        await scenarios.change(
          conversations,
          { person: readerOf(context).id, id: idOf(context) },
          context.req.valid('json'),
        ),
      ),
  );
  app.delete('/scenarios/:id', describeRoute({ summary: 'Removes a scenario' }), mayTalk, async (context) => {
    await scenarios.remove(conversations, readerOf(context).id, idOf(context));
    return context.body(null, 204);
  });
}

function addPrompts(app: Hono, { conversations, readerOf, mayTalk }: ChatRoutePorts): void {
  const own = z.object({ prompts: z.array(Prompt) });
  app.get(
    '/prompts',
    describeRoute({ summary: 'Your prompts', ...answers(200, 'Prompts', own) }),
    mayTalk,
    async (context) => context.json({ prompts: await listPrompts(conversations, readerOf(context).id) }),
  );
  app.post(
    '/prompts',
    describeRoute({ summary: 'Adds a prompt', ...answers(201, 'Prompt', Prompt) }),
    mayTalk,
    validated('json', PromptDraft),
    async (context) =>
      context.json(await addPrompt(conversations, readerOf(context).id, context.req.valid('json')), 201),
  );
  app.put(
    '/prompts/:id',
    describeRoute({ summary: 'Adds a version of a prompt', ...answers(200, 'Prompt', Prompt) }),
    mayTalk,
    validated('json', PromptDraft),
    async (context) =>
      context.json(
        await changePrompt(
          conversations,
          { person: readerOf(context).id, id: idOf(context) },
          context.req.valid('json'),
        ),
      ),
  );
  app.delete(
    '/prompts/:id',
    describeRoute({ summary: 'Removes a prompt; its versions stay' }),
    mayTalk,
    async (context) => {
      await removePrompt(conversations, readerOf(context).id, idOf(context));
      return context.body(null, 204);
    },
  );
  app.get(
    '/prompts/:id/versions',
    describeRoute({ summary: 'All versions, newest first', ...answers(200, 'Versions', own) }),
    mayTalk,
    async (context) =>
      context.json({ prompts: await promptVersions(conversations, readerOf(context).id, idOf(context)) }),
  );
  app.get(
    '/prompts/:id/filled',
    describeRoute({ summary: 'The text with its names filled in', ...answers(200, 'Text', FilledPrompt) }),
    mayTalk,
    async (context) => {
      const values = Object.fromEntries(new URL(context.req.url).searchParams);
      return context.json(await fillPrompt(conversations, { person: readerOf(context).id, id: idOf(context) }, values));
    },
  );
}

function addRewards(app: Hono, { store, clock, conversations, readerOf, mayTalk }: ChatRoutePorts): void {
  app.get(
    '/rewards',
    describeRoute({ summary: 'Points, streak, achievements, gifts', ...answers(200, 'Rewards', Rewards) }),
    mayTalk,
    validated('query', RewardsQuery),
    async (context) => {
      const { timeZone } = context.req.valid('query');
      return context.json(await rewardsOf(store, readerOf(context).id, { timeZone, now: clock.now() }));
    },
  );
  app.post(
    '/gifts/:id',
    describeRoute({ summary: 'Opens a gift for its points', ...answers(200, 'Gift', Gift) }),
    mayTalk,
    async (context) =>
      context.json(await openGift(store, readerOf(context).id, { gift: idOf(context), now: clock.now() })),
  );
  app.get(
    '/suggestions',
    describeRoute({ summary: 'What one might say next', ...answers(200, 'Suggestions', Suggestions) }),
    mayTalk,
    validated('query', SuggestionsQuery),
    async (context) => {
      const chat = await chatOfPerson(
        store.read<ChatTables>(),
        readerOf(context).id,
        context.req.valid('query').chatId,
      );
      return context.json({ suggestions: await suggestionsOf(conversations, chat) });
    },
  );
}

function addArtifacts(app: Hono, { conversations, store, readerOf, mayTalk, images }: ChatRoutePorts): void {
  app.post(
    '/:id/artifacts',
    describeRoute({ summary: 'Adds a picture for a message', ...answers(201, 'Picture', ArtifactAdded) }),
    mayTalk,
    limitBody(mebibytes(6)),
    async (context) => {
      const person = readerOf(context).id;
      await chatOfPerson(store.read<ChatTables>(), person, idOf(context));
      const body = new Uint8Array(await context.req.arrayBuffer());
      const alt = context.req.query('alt') ?? '';
      return context.json(
        { artifact: await addArtifact(conversations, person, { body, alt, origin: 'uploaded' }) },
        201,
      );
    },
  );
  app.get('/artifacts/:id', describeRoute({ summary: 'A picture' }), mayTalk, async (context) => {
    const { artifact, body } = await artifactBody(store, readerOf(context).id, idOf(context));
    return context.body(new Uint8Array(body), 200, {
      'content-type': artifact.mediaType,
      'content-disposition': 'inline',
      'cache-control': 'private, max-age=31536000, immutable',
      // Should a browser take it for a document after all, nothing in it runs.
      'content-security-policy': "default-src 'none'; sandbox",
    });
  });
  app.post(
    '/artifacts/:id/upscale',
    describeRoute({ summary: 'Makes a picture larger, where a model can' }),
    mayTalk,
    async (context) => {
      const person = readerOf(context).id;
      const { artifact, body } = await artifactBody(store, person, idOf(context));
      if (images === undefined) throw noImageModel();
      const larger = await images.upscale(body, artifact.mediaType, context.req.raw.signal);
      const made = { body: larger, alt: artifact.alt, origin: 'upscaled' as const };
      return context.json({ artifact: await addArtifact(conversations, person, made) }, 201);
    },
  );
}

function addEmbeds(app: Hono, { conversations, readerOf, mayEmbed }: ChatRoutePorts): void {
  const all = z.object({ embeds: z.array(Embed) });
  app.get(
    '/embeds',
    describeRoute({ summary: 'Pages that may hold the chat', ...answers(200, 'Pages', all) }),
    mayEmbed,
    async (context) => context.json({ embeds: await listEmbeds(conversations) }),
  );
  app.post(
    '/embeds',
    describeRoute({ summary: 'Lets a page hold the chat', ...answers(201, 'Page', Embed) }),
    mayEmbed,
    validated('json', EmbedDraft),
    async (context) =>
      context.json(
        await saveEmbed(conversations, { person: readerOf(context).id, id: undefined }, context.req.valid('json')),
        201,
      ),
  );
  app.put(
    '/embeds/:id',
    describeRoute({ summary: 'Changes which pages, or turns it off', ...answers(200, 'Page', Embed) }),
    mayEmbed,
    validated('json', EmbedDraft),
    async (context) =>
      context.json(
        await saveEmbed(conversations, { person: readerOf(context).id, id: idOf(context) }, context.req.valid('json')),
      ),
  );
  app.delete('/embeds/:id', describeRoute({ summary: 'Takes the chat off a page' }), mayEmbed, async (context) => {
    await removeEmbed(conversations, idOf(context));
    return context.body(null, 204);
  });
  // Anybody may come: it is what a chat on a page is for. What they may spend is bounded by its budget.
  app.post(
    '/embeds/:id/visitors',
    describeRoute({ summary: 'Welcomes a visitor', security: [], ...answers(201, 'Visitor', Visitor) }),
    async (context) => {
      const id = idOf(context);
      if (!/^[0-9a-z]{16}$/.test(id)) throw thingNotFound('embedded chat', id);
      const [, token] = /^Bearer (\S+)$/i.exec(context.req.header('authorization') ?? '') ?? [];
      const known = token?.startsWith(VISITOR_TOKEN_START) === true ? token : undefined;
      return context.json(await welcomeVisitor(conversations, id, known), 201);
    },
  );
}

// A person talks in the console in a real browser: to a real OpenAI-compatible server and to the built-in rules, reloads
// in the middle of an answer, stops one, asks again, changes a question, answers a guided set-up; reads what it cost,
// sets a price and a budget that stops it, and looks who answers. Then every page is looked at in light and dark, wide and
// at 390 px, for accessibility and for anything that overflows. With UPDATE_IMAGES=1 it makes the pictures of
// docs/images/chat.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startWireFake, type WireScript } from 'kernel/wire-fakes';
import type { BrowserContext, Page } from 'playwright-core';

import { minutes } from 'kernel/basics';

import { becomes, buildConsole, enter, examine, NARROW, openBrowser, WIDE } from './browser.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, serve, type Server } from './tandem.ts';

const KEY = 'sk-journey-0123456789abcdef';

/** Each word once, so that a lost or a doubled one is seen. */
const WORDS = Array.from({ length: 60 }, (_, index) => `word${index} `);
const STORY =
  'A **virtual list** keeps the page small: only the rows in sight exist.\n\n' +
  '1. Measure each row when it is first seen.\n2. Keep the sum of the heights.\n\n' +
  '```ts\nconst rows = createRows({ count: messages.length });\n```\n\n' +
  'That is why a conversation of ten thousand messages opens at once.';

const SCRIPT: WireScript = ({ text }) =>
  text.includes('Count for me')
    ? { kind: 'answer', pieces: WORDS, pieceDelayMs: 40 }
    : { kind: 'answer', pieces: STORY.match(/[\s\S]{1,16}/g) ?? [], pieceDelayMs: 5 };

export const journey: Journey = {
  name: 'a person talks in the console, misses no word, and sees who answered, what it cost and what may be spent',
  needs: ['chromium'],
  limitMs: minutes(6),
  async run(context) {
    await buildConsole(context);
    const fake = await startWireFake(SCRIPT, ['house-model']);
    context.atEnd(() => fake.close());
    const env = {
      OPENAI_COMPATIBLE_BASE_URL: fake.url,
      OPENAI_COMPATIBLE_API_KEY: KEY,
      OPENAI_COMPATIBLE_MODEL: 'house-model',
    };
    const [server, browser] = await Promise.all([serve(context, { env }), openBrowser(context)]);
    const { person, page, mistakes } = await enter(browser, server);
    const chat = await talk(page);
    context.log('talked, reloaded in mid-answer, stopped, asked again');
    await setUpStory(page, server);
    await sendPicture(page);
    await talkToRules(page, server, chat);
    context.log('set up a story, sent a picture, heard the rules');
    await keepChats(page, server);
    await spend(page, server, chat);
    await lookAtSources(page, server);
    await embed(page, server);
    context.log('costs, budget, sources, embedded pages');
    await examineAll(person, { context, server, chat });
    await pictures(page, server, chat);
    must(mistakes.length === 0, 'No script failed.', mistakes);
  },
};

const field = (page: Page) => page.getByRole('textbox', { name: 'Write a message' });
const answers = (page: Page) => page.getByRole('article', { name: /Assistant|Storyteller/ });
const origin = (page: Page) => page.getByRole('button', { name: /Where this answer came from/ });

/** Says something, waits for the whole answer, and gives back what its chips say. */
async function say(page: Page, text: string): Promise<string> {
  await field(page).fill(text);
  await page.keyboard.press('Control+Enter');
  await page.getByRole('article', { name: 'You' }).filter({ hasText: text }).last().waitFor();
  const chips = page.locator('[data-last]').getByRole('button', { name: /Where this answer came from/ });
  await chips.waitFor();
  return (await chips.textContent()) ?? '';
}

/** Gives back the path of the chat. */
async function talk(page: Page): Promise<string> {
  await page.keyboard.press('c');
  await page
    .getByRole('list', { name: 'Characters' })
    .getByRole('button', { name: /^Assistant/ })
    .click();
  await page.getByText('Hello! What are you working on?').waitFor();
  const chat = new URL(page.url()).pathname;
  await say(page, 'How do long conversations stay quick?');
  await becomes('The answer is drawn as Markdown.', {
    look: () => answers(page).last().getByRole('listitem').count(),
    holds: (count) => count === 2,
  });

  await field(page).fill('Count for me');
  await page.keyboard.press('Enter');
  await page.getByText('word5').waitFor();
  await field(page).fill('a draft');
  await page.reload();
  await origin(page).nth(1).waitFor();
  const wanted = WORDS.map((_, index) => index).join();
  await becomes('No word is lost or doubled over a reload.', {
    look: async () => {
      const text = (await answers(page).last().textContent()) ?? '';
      return [...text.matchAll(/word(\d+)/g)].map(([, number]) => Number(number));
    },
    holds: (seen) => seen.join() === wanted,
  });
  await becomes('The draft is kept over a reload.', {
    look: () => field(page).inputValue(),
    holds: (draft) => draft === 'a draft',
  });
  await stopAndAskAgain(page);
  await explain(page);
  return chat;
}

async function stopAndAskAgain(page: Page): Promise<void> {
  await field(page).fill('Count for me again. Count for me');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await answers(page).last().getByText('word3').waitFor();
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText('Stopped. What was said is kept.').waitFor();
  await answers(page).last().getByRole('button', { name: 'Answer again' }).click();
  await page.getByText('Branch 2/2').waitFor();
  await answers(page).last().getByText('word59').waitFor();
  await page.getByRole('button', { name: 'The branch before' }).click();
  await page.getByText('Stopped. What was said is kept.').waitFor();
  await page.getByRole('button', { name: 'Change the question' }).last().click();
  await page.getByRole('textbox', { name: 'Change the question' }).fill('And the next step?');
  await page.keyboard.press('Control+Enter');
  await answers(page).last().getByText('only the rows in sight exist').waitFor();
  await page.getByText('Branch 2/2').waitFor();
  await page.getByRole('button', { name: 'Good answer' }).last().click();
  await page.getByRole('button', { name: 'Good answer', pressed: true }).waitFor();
}

async function explain(page: Page): Promise<void> {
  await origin(page).last().click();
  const drawer = page.getByRole('dialog', { name: 'Where this answer came from' });
  await drawer.getByText('house-model').first().waitFor();
  await drawer.getByText('Price list').waitFor();
  await drawer.getByText('passed').first().waitFor();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
}

async function setUpStory(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.url}/chat/new`);
  await page.getByRole('button', { name: /^Storyteller/ }).click();
  await page.getByText('Question 1 of 3').waitFor();
  await page.getByRole('list', { name: 'Choices' }).getByRole('button', { name: 'A ship' }).click();
  await page.getByText('Question 2 of 3').waitFor();
  await field(page).fill('A cat');
  await page.keyboard.press('Control+Enter');
  await page.getByText('Question 3 of 3').waitFor();
  await page.getByRole('button', { name: 'Mysterious' }).click();
  await page.getByText('Question 3 of 3').waitFor({ state: 'detached' });
}

const RED_SQUARE =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FAAhKDveksOjmAAAAAElFTkSuQmCC';

/** A picture goes with a message; there is no model that could enlarge it, and the page says so. */
async function sendPicture(page: Page): Promise<void> {
  const file = { name: 'square.png', mimeType: 'image/png', buffer: Buffer.from(RED_SQUARE, 'base64') };
  await page.locator('input[type=file]').setInputFiles(file);
  await page.getByRole('textbox', { name: 'What square.png shows' }).fill('A small square');
  await field(page).fill('What is this?');
  await page.keyboard.press('Control+Enter');
  await page.getByRole('img', { name: 'A small square' }).waitFor();
  await page.getByRole('button', { name: 'Enlarge' }).click();
  await page.getByText('No model for pictures is set up here.').waitFor();
  await origin(page).first().waitFor();
}

async function talkToRules(page: Page, server: Server, chat: string): Promise<void> {
  await page.goto(server.url + chat);
  await choose(page, await ruleOption(page));
  const chips = await say(page, 'What can you do here?');
  must(
    /built-in rules/.test(chips) && /free/.test(chips),
    'The rules say that they are rules, and cost nothing.',
    chips,
  );
  await choose(page, 'auto (route)');
}

/** Chooses who answers, and waits until the server has kept it. */
async function choose(page: Page, label: string): Promise<void> {
  const kept = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await page.getByRole('combobox', { name: 'Who answers' }).selectOption({ label });
  await kept;
}

async function ruleOption(page: Page): Promise<string> {
  const options = page.getByRole('combobox', { name: 'Who answers' }).getByRole('option');
  await options.filter({ hasText: 'no model' }).waitFor({ state: 'attached' });
  return (await options.filter({ hasText: 'no model' }).textContent()) ?? '';
}

/** Renamed, put into the archive and brought back. */
async function keepChats(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.url}/chat`);
  const chats = page.getByRole('list', { name: 'Chats', exact: true });
  await chats.getByRole('button', { name: 'More for A ship' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Title of the chat' }).fill('The cat at sea');
  await page.keyboard.press('Enter');
  await chats.getByRole('link', { name: /The cat at sea/ }).waitFor();
  await chats.getByRole('button', { name: 'More for The cat at sea' }).click();
  await page.getByRole('menuitem', { name: 'Put into the archive' }).click();
  await chats.getByRole('link', { name: /The cat at sea/ }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await chats.getByRole('link', { name: /The cat at sea/ }).waitFor();
  await page.getByRole('searchbox', { name: 'Search the chats' }).fill('cat');
  await becomes('The search leaves what fits.', {
    look: () => chats.getByRole('listitem').count(),
    holds: (count) => count === 1,
  });
}

/** A price, a line that costs something, a budget that stops the next answer and says so. */
async function spend(page: Page, server: Server, chat: string): Promise<void> {
  await page.goto(`${server.url}/costs`);
  await page.getByRole('list', { name: 'Calls' }).getByRole('listitem').first().waitFor();
  await page.getByRole('combobox', { name: 'Provider' }).selectOption('local');
  await page.getByLabel('Model', { exact: true }).last().fill('house-model');
  await page.getByRole('button', { name: 'Look up' }).click();
  await page.getByLabel('Dollars for a million read').fill('3');
  await page.getByLabel('For a million written').fill('15');
  await page.getByRole('button', { name: 'Set the price' }).click();
  await page.getByText('$3 for a million tokens read').waitFor();

  await page.goto(server.url + chat);
  const chips = await say(page, 'What does that cost?');
  must(/\$0\.0/.test(chips), 'A priced answer shows what it cost.', chips);

  await page.goto(`${server.url}/costs`);
  await page.getByRole('button', { name: 'Set a budget' }).click();
  await page.getByRole('combobox', { name: 'What it is for' }).selectOption('product');
  await page.getByLabel('Product, such as chat').fill('chat');
  await page.getByLabel('Limit in US dollars').fill('0.000001');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('list', { name: 'Budgets' }).getByText('Product chat, a month').waitFor();

  await page.goto(server.url + chat);
  await field(page).fill('And this?');
  await page.keyboard.press('Control+Enter');
  await page.getByText('The answer did not come to its end.').waitFor();
  await becomes('A person is told which budget refused.', {
    look: () => page.locator('[data-last]').textContent(),
    holds: (problem) => problem?.includes('The budget for product chat') === true,
  });
  await page.getByRole('link', { name: 'See the budgets' }).click();
  await page.getByRole('button', { name: /^Remove: Product chat/ }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove it' }).click();
  await page.getByText('No budget is set').waitFor();
}

async function lookAtSources(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.url}/sources`);
  await page.getByRole('region', { name: 'Legs compared' }).getByText('house-model').waitFor();
  must(!(await page.content()).includes(KEY), 'No key is shown in whole.');
  await page.getByRole('button', { name: 'Add a key' }).click();
  await page.getByLabel('Key', { exact: true }).fill('sk-ant-journey-abcdefghij');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Remove the key sk-a…ghij' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove it' }).click();
  await page.getByRole('button', { name: 'Remove the key sk-a…ghij' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Add a route' }).click();
  await page.getByLabel('Name').fill('careful');
  await page.getByLabel('Options for providers, as JSON').fill('{ "gemini": { "safetySettings": "all" } }');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Options for providers, as JSON').fill('');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('list', { name: 'Routes' }).getByText('careful').waitFor();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByLabel('What is it for?').fill('Editor');
  await page.getByLabel('Budget in dollars, if any').fill('5');
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByText('It is shown now and never again.').waitFor();
  await page.getByRole('list', { name: 'Gateway keys' }).getByText('Editor').waitFor();
}

async function embed(page: Page, server: Server): Promise<void> {
  await page.goto(`${server.url}/chat/embeds`);
  await page.getByLabel('Name').fill('Shop');
  await page.getByLabel('Exact origins of its pages').fill('https://shop.example/path');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Exact origins of its pages').fill('https://shop.example');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText(`<script src="${server.url}/embed.js"`).waitFor();
}

interface Looking {
  readonly context: JourneyContext;
  readonly server: Server;
  readonly chat: string;
}

/** Every page of Chat, Costs and Sources, and Home: no finding of axe, nothing that scrolls sideways. */
async function examineAll(person: BrowserContext, { context, server, chat }: Looking): Promise<void> {
  const routes = ['/', '/chat', '/chat/new', chat, '/chat/embeds', '/costs', '/sources'];
  for (const route of routes) await examine(person, server.url + route);
  context.log(`${routes.length} routes: 0 findings`);
}

async function pictures(page: Page, server: Server, chat: string): Promise<void> {
  if (process.env['UPDATE_IMAGES'] !== '1') return;
  const folder = join(import.meta.dirname, '../../docs/images/chat');
  mkdirSync(folder, { recursive: true });
  await page.goto(server.url + chat);
  await say(page, 'What else keeps it quick?');
  const routes = { 'console-chat': chat, 'console-costs': '/costs', 'console-sources': '/sources' };
  for (const [picture, route] of Object.entries(routes)) {
    for (const [look, viewport, colorScheme] of [
      ['', WIDE, 'light'],
      ['-dark-narrow', NARROW, 'dark'],
    ] as const) {
      const path = join(folder, `${picture}${look}.png`);
      rmSync(path, { force: true });
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.goto(server.url + route);
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path });
    }
  }
}

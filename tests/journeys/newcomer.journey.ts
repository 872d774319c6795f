// The README, line by line, as somebody who has nothing but Node, npm and git: a fresh clone, an empty npm cache,
// two commands. How long it takes is told and held.

import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { durationText, minutes, seconds } from 'kernel/basics';

import { PACKAGES, writeProject } from '../fixture-projects/index.ts';
import { startLoopbackRegistry } from '../loopback-registry/index.ts';
import type { Journey, JourneyContext, Running } from './journey.ts';
import { must } from './tandem.ts';

/** From the fresh clone to an answering page, with an empty npm cache: at least this. The aim is 40 s. */
const FIRST_START_MS_MAX = seconds(60);
/** The aim is 1.5 s. */
const SECOND_START_MS_MAX = seconds(3);
/** On a machine that is busy with other journeys or has a slow line, a number says little. */
const PATIENCE = process.env['CI'] === 'true' ? 2 : 1;

export const journey: Journey = {
  name: 'from a fresh clone, npm start leads to an answering page, and the command upgrades a project',
  needs: ['registry'],
  limitMs: minutes(12),
  async run(context) {
    const clone = await context.freshClone();
    const env = {
      npm_config_cache: join(context.folder, 'npm-cache'),
      npm_config_ignore_scripts: 'true',
      TANDEM_HOME: undefined,
    };
    const first = await started(context, { clone, env });
    context.log(`first start: ${durationText(first.tookMs)} (at least ${durationText(FIRST_START_MS_MAX)})`);
    await stopped(first.running);
    const second = await started(context, { clone, env });
    context.log(`second start: ${durationText(second.tookMs)} (at least ${durationText(SECOND_START_MS_MAX)})`);
    must(first.tookMs < FIRST_START_MS_MAX * PATIENCE, 'The first start is quick enough.', first.tookMs);
    must(second.tookMs < SECOND_START_MS_MAX * PATIENCE, 'The second start is quick enough.', second.tookMs);
    await useCommand(context, { clone, env });
    await stopped(second.running);
  },
};

interface Place {
  readonly clone: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `npm start`, until the page it names answers. */
async function started(
  context: JourneyContext,
  { clone, env }: Place,
): Promise<{ readonly running: Running; readonly tookMs: number }> {
  const beganAt = performance.now();
  const running = context.spawn(['npm', 'start'], { cwd: clone, env });
  const [, url = '', link = ''] = await context.waitFor(
    'npm start says that Tandem is ready',
    () => /Tandem is ready at (\S+) {2}\(sign in: (\S+)\)/.exec(running.output()),
    minutes(3),
  );
  const page = await fetch(url);
  const tookMs = performance.now() - beganAt;
  must(page.status === 200 && (await page.text()).includes('<div id="root"'), 'The page answers.', page.status);
  const welcomed = await fetch(link, { redirect: 'manual' });
  must(welcomed.status >= 300 && welcomed.status < 400, 'The link signs in.', welcomed.status);
  return { running, tookMs };
}

async function stopped(running: Running): Promise<void> {
  running.kill('SIGTERM');
  await running.exit;
}

/** `npx tandem …` in the clone, beside the running server. */
async function useCommand(context: JourneyContext, { clone, env }: Place): Promise<void> {
  const registry = await startLoopbackRegistry({ packages: PACKAGES });
  context.atEnd(() => registry.close());
  const project = join(context.folder, 'my-project');
  mkdirSync(project);
  writeProject(project, 'pair');
  const npx = (args: readonly string[]) =>
    context.run(['npx', '--no-install', 'tandem', ...args], {
      cwd: clone,
      env: { ...env, TANDEM_REGISTRY: registry.url },
      limitMs: minutes(2),
    });
  const doctor = await npx(['doctor']);
  must(doctor.code === 0 || doctor.code === 1, 'The doctor speaks.', doctor.output);
  const upgraded = await npx(['modernize', project]);
  const sandboxed = !upgraded.output.includes('SANDBOX_MISSING');
  must(!sandboxed || upgraded.code === 0, 'The project is upgraded.', upgraded.output);
  const line = /^ {2}(git clone .*)$/m.exec(upgraded.output)?.[1];
  if (sandboxed) {
    const home = await context.run(['sh', '-c', line ?? 'false']);
    must(home.code === 0, 'The printed line brings the result home.', home.output);
    cpSync(join(context.folder, 'pair-upgraded/package.json'), join(context.folder, 'package.json'));
  }
  const link = await npx(['link']);
  must(link.output.includes('/welcome/'), 'A new link is printed.', link.output);
}

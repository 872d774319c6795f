// kill -9 at random moments, again and again: the run goes on each time and repeats no finished trial.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { minutes } from 'kernel/basics';
import { isFinal, type RunEvent } from 'kernel/protocol';
import { foldEvents } from 'modernizer/protocol';

import { PACKAGES, writeProject } from '../fixture-projects/index.ts';
import { startLoopbackRegistry } from '../loopback-registry/index.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { must, sameNames, tandem, tandemAt } from './tandem.ts';

/** The floor is 20; `KILLS=200` goes for the aim. */
const KILLS = Number(process.env['KILLS'] ?? 24);
/** Between a start, which takes about 0.4 s, and a good part of a run of the fixture. */
const ALIVE_MS_MIN = 250;
const ALIVE_MS_MAX = 2500;

export const journey: Journey = {
  name: 'a run that is killed at random moments is finished every time, and no finished trial is repeated',
  needs: [],
  parallel: true,
  limitMs: minutes(4) + KILLS * 4000,
  async run(context) {
    const registry = await startLoopbackRegistry({ packages: PACKAGES });
    context.atEnd(() => registry.close());
    const env = { TANDEM_REGISTRY: registry.url };
    const random = randomFrom(Number(process.env['SEED'] ?? Date.now() % 100_000), context);
    let kills = 0;
    for (let runs = 1; kills < KILLS; runs += 1) {
      kills += await finishedInSpite(context, { env, random, number: runs, killsMax: KILLS - kills });
      context.log(`${kills} of ${KILLS} kills survived, ${runs} runs finished`);
    }
  },
};

interface Ordeal {
  readonly env: Readonly<Record<string, string>>;
  readonly random: () => number;
  readonly number: number;
  readonly killsMax: number;
}

/** One run of the fixture, killed until it ends; the number of kills. */
async function finishedInSpite(context: JourneyContext, { env, random, number, killsMax }: Ordeal): Promise<number> {
  const folder = join(context.folder, `project-${number}`);
  mkdirSync(folder);
  const project = writeProject(folder, 'story');
  let run: string | undefined;
  let kills = 0;
  for (;;) {
    const args = run === undefined ? ['modernize', project] : ['modernize', '--resume', run];
    const running = context.spawn([tandemAt(context.root), ...args, '--json'], { env });
    const aliveMs = ALIVE_MS_MIN + random() * (ALIVE_MS_MAX - ALIVE_MS_MIN);
    const ended = await Promise.race([running.exit, wait(kills < killsMax ? aliveMs : minutes(2), null)]);
    if (ended !== null) break;
    running.kill('SIGKILL');
    await running.exit;
    kills += 1;
    run ??= await runIn(context, env);
  }
  const id = run ?? (await runIn(context, env));
  must(id !== undefined, 'The run exists.');
  await examine(context, { id, env });
  return kills;
}

async function runIn(context: JourneyContext, env: Readonly<Record<string, string>>): Promise<string | undefined> {
  const listed = await tandem(context, ['runs', '--json'], { env });
  const { runs } = JSON.parse(listed.stdout) as {
    readonly runs: readonly { readonly id: string; readonly status: never }[];
  };
  return runs.find(({ status }) => !isFinal(status))?.id ?? runs[0]?.id;
}

async function examine(
  context: JourneyContext,
  { id, env }: { readonly id: string; readonly env: Readonly<Record<string, string>> },
): Promise<void> {
  const shown = await tandem(context, ['run', id, '--json'], { env });
  const { events, status } = JSON.parse(shown.stdout) as {
    readonly status: string;
    readonly events: readonly (RunEvent & { readonly data: { readonly trial?: string } })[];
  };
  must(status === 'done', `Run ${id} is done.`, status);
  must(
    events.every(({ seq }, index) => seq === index + 1),
    'The journal has no gap and no repeat.',
  );
  const trials = events.filter(({ kind }) => kind === 'trial-finished').map(({ data }) => data.trial);
  must(new Set(trials).size === trials.length, 'No finished trial was repeated.', trials);
  const deployed = events.filter(({ kind }) => kind === 'deployment_complete');
  must(deployed.length >= 1, 'It was handed over.');
  const kept = foldEvents(events).upgrades.filter(({ state }) => state === 'kept');
  must(sameNames(kept, ['@scope/tool', 'good', 'modern', 'newest']), 'The same is kept as without a kill.', kept);
}

function randomFrom(seed: number, context: JourneyContext): () => number {
  context.log(`seed ${seed}`);
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

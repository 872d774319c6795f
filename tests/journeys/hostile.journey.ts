// Hostile projects, run in every back end of this machine: none escapes, and each ends within its limit as expected.
// Each harmless one is also run without a sandbox, where the same check must see the escape: a check that can only
// pass would prove nothing.

import { join } from 'node:path';
import { mebibytes, seconds } from 'kernel/basics';
import { openSandbox, probeSandbox, type BackEnd, type Job, type Outcome } from 'kernel/sandbox';
import type { Attack } from './hostile/attack.ts';
import { EXHAUSTING } from './hostile/exhausting.ts';
import { prepareGround, type Ground } from './hostile/ground.ts';
import { REACHING } from './hostile/reaching.ts';
import { READING } from './hostile/reading.ts';
import type { Journey, JourneyContext } from './journey.ts';

const ATTACKS: readonly Attack[] = [...READING, ...REACHING, ...EXHAUSTING];
const WALL_MS = seconds(10);
const LIMITS = {
  outputBytesMax: 1_000_000,
  processesMax: 64,
  memoryBytesMax: mebibytes(384),
  diskBytesMax: mebibytes(64),
  diskFilesMax: 5000,
};
/** After its limit a job is gone within this, also on a machine that is busy. */
const GRACE_MS = 6000;

export const journey: Journey = {
  name: 'no hostile project escapes from any sandbox of this machine',
  needs: ['bubblewrap'],
  async run(context) {
    const wrong: string[] = [];
    let tried = 0;
    for (const backEnd of ['bubblewrap', 'namespaces'] as const) {
      const probe = await probeSandbox({
        registry: context.registry,
        scratch: join(context.folder, 'scratch'),
        backEnd,
      });
      if (probe.kind === 'refused') {
        context.log(`${backEnd} is left out: ${probe.reason} ${probe.next}`);
        continue;
      }
      tried += 1;
      wrong.push(...(await tryAll(context, backEnd)));
    }
    if (tried === 0) throw new Error('No back end of the sandbox works here, so nothing was tried.');
    const detectable = ATTACKS.filter(({ control }) => control.kind === 'detects');
    context.log(`control without a sandbox: ${detectable.length} of ${ATTACKS.length} attacks`);
    for (const attack of detectable) wrong.push(...(await controlOf(context, attack)));
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  },
};

async function tryAll(context: JourneyContext, backEnd: BackEnd): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const attack of ATTACKS) {
    const ground = await prepareGround(context.folder, attack);
    const found = await confinedly(context, { attack, ground, backEnd }).finally(() => ground.close());
    wrong.push(...found.map((what) => `${backEnd}: "${attack.name}" ${what}`));
  }
  context.log(`${backEnd}: ${ATTACKS.length} attacks, ${wrong.length} wrong`);
  return wrong;
}

interface Attempt {
  readonly attack: Attack;
  readonly ground: Ground;
  readonly backEnd: BackEnd;
}

async function confinedly(context: JourneyContext, attempt: Attempt): Promise<readonly string[]> {
  const { attack, ground } = attempt;
  const outcome = await runAttack(context, attempt);
  const wrong: string[] = [];
  const escaped = await attack.escaped(ground, outcome);
  if (escaped !== null) wrong.push(`escaped: ${escaped}`);
  if (!attack.ends.includes(outcome.kind)) wrong.push(`ended as ${outcome.kind}: ${outcome.output.slice(0, 300)}`);
  const wallMs = attack.wallMs ?? WALL_MS;
  if (outcome.wallMs > wallMs + GRACE_MS) wrong.push(`took ${outcome.wallMs} ms, with a limit of ${wallMs} ms`);
  return wrong;
}

async function controlOf(context: JourneyContext, attack: Attack): Promise<readonly string[]> {
  const ground = await prepareGround(context.folder, attack);
  try {
    const outcome = await runAttack(context, { attack, ground, backEnd: 'unsafe-host' });
    const seen = await attack.escaped(ground, outcome);
    return seen === null ? [`the check of "${attack.name}" sees no escape where there is no sandbox`] : [];
  } finally {
    await ground.close();
  }
}

async function runAttack(context: JourneyContext, { attack, ground, backEnd }: Attempt): Promise<Outcome> {
  const scratch = join(context.folder, 'scratch');
  const opened = await openSandbox({ registry: ground.registry.url, scratch, backEnd });
  if (opened.kind === 'refused') throw new Error(`${opened.reason} ${opened.next}`);
  const { sandbox } = opened;
  const run = (argv: Job['argv'], nth: number): Promise<Outcome> =>
    sandbox.run({
      ...(attack.layers === undefined ? {} : { layers: attack.layers(ground, nth) ?? [] }),
      phase: attack.phase ?? 'run',
      project: ground.project,
      cache: ground.cache,
      argv,
      limits: { ...LIMITS, wallMs: attack.wallMs ?? WALL_MS },
    });
  const outcome = await run(attack.argv(ground), 1);
  const seen = attack.later === undefined ? outcome : await run(attack.later(ground), 2);
  await sandbox.close();
  return seen;
}

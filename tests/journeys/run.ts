// Runs the journeys: `node tests/journeys/run.ts [name …]`. Two at once where both allow it, the others alone.
// Ends with one line, `N passed, N failed`, and the number left out, each of which was named with its reason.

import { readdirSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { durationText, minutes } from 'kernel/basics';
import { openContext } from './context.ts';
import type { Journey } from './journey.ts';
import { meet, registryUrl } from './needs.ts';

type Result = { readonly kind: 'passed' | 'failed' } | { readonly kind: 'skipped'; readonly why: string };

const LIMIT_MS = minutes(10);
const AT_ONCE = 2;
const EXIT_WRONG_USE = 2;
const ENDING = '.journey.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function load(names: readonly string[]): Promise<readonly Journey[]> {
  const files = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith(ENDING))
    .sort();
  const known = files.map((file) => file.slice(0, -ENDING.length));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    say(`There is no journey ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
    process.exit(EXIT_WRONG_USE);
  }
  const wanted = known.filter((name) => names.length === 0 || names.includes(name));
  return Promise.all(wanted.map(async (name) => journeyIn(name, await import(`./${name}${ENDING}`))));
}

function journeyIn(name: string, module: unknown): Journey {
  if (typeof module === 'object' && module !== null && 'journey' in module) return module.journey as Journey;
  throw new Error(`tests/journeys/${name}${ENDING} exports no journey.`);
}

async function runJourney(journey: Journey): Promise<Result> {
  const log = (line: string): void => say(`    ${line}`);
  for (const need of journey.needs) {
    const met = await meet(need, log);
    if (met.kind === 'missing') {
      say(`– ${journey.name}: left out, because ${met.why}`);
      return { kind: 'skipped', why: met.why };
    }
  }
  say(`… ${journey.name}`);
  const startedAt = performance.now();
  const took = (): string => durationText(performance.now() - startedAt);
  const opened = openContext(registryUrl(), log);
  try {
    const limitMs = journey.limitMs ?? LIMIT_MS;
    const isLate = await Promise.race([
      journey.run(opened.context).then(() => false),
      wait(limitMs, true, { ref: false }),
    ]);
    if (isLate) throw new Error(`It did not end within ${durationText(limitMs)}.`);
    say(`✓ ${journey.name}  ${took()}`);
    return { kind: 'passed' };
  } catch (thrown) {
    say(`✗ ${journey.name}  ${took()}\n${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
    return { kind: 'failed' };
  } finally {
    await opened.close();
  }
}

async function runAll(journeys: readonly Journey[]): Promise<readonly Result[]> {
  const results: Result[] = [];
  const beside = journeys.filter((journey) => journey.parallel === true);
  const lane = async (): Promise<void> => {
    for (let next = beside.shift(); next !== undefined; next = beside.shift()) results.push(await runJourney(next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  for (const journey of journeys.filter(({ parallel }) => parallel !== true)) results.push(await runJourney(journey));
  return results;
}

const results = await runAll(await load(process.argv.slice(2)));
const count = (kind: Result['kind']): number => results.filter((result) => result.kind === kind).length;
const skipped = count('skipped') === 0 ? '' : `, ${count('skipped')} skipped`;
say(`${count('passed')} passed, ${count('failed')} failed${skipped}`);
process.exit(count('failed') === 0 ? 0 : 1);

// Old projects of the registry, upgraded for real: what is kept, what is refused, and why. The two whose search takes
// minutes are run where PROJECTS=all asks for them, and in the bench against the doctor, which has all six.
// Rule: what was kept once is kept again; that more is kept than was known is no failure.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { durationText, minutes } from 'kernel/basics';

import type { Journey, JourneyContext } from './journey.ts';
import { modernize, must } from './tandem.ts';

interface Expectation {
  readonly spec: string;
  readonly kept: readonly string[];
}

const SLOW: readonly Expectation[] = [
  { spec: 'replace-in-file@6.2.0', kept: ['chalk', 'yargs', 'mocha', 'nyc'] },
  { spec: 'changelog-parser@2.8.0', kept: ['remove-markdown', 'tape', 'tap-spec'] },
];
const QUICK: readonly Expectation[] = [
  { spec: 'jsonwebtoken@5.7.0', kept: ['jws', 'ms', 'xtend', 'atob', 'chai', 'mocha'] },
  { spec: 'passport-jwt@4.0.0', kept: ['jsonwebtoken', 'mocha'] },
  { spec: 'mustache-express@1.3.0', kept: ['async', 'mustache', 'mocha'] },
  {
    spec: 'csv-write-stream@2.0.0',
    kept: ['argparse', 'generate-object-property', 'ndjson', 'concat-stream', 'tape'],
  },
];
const EXPECTED = process.env['PROJECTS'] === 'all' ? [...SLOW, ...QUICK] : QUICK;

export const journey: Journey = {
  name: 'old projects of the registry are upgraded as far as they go, and every refusal says why',
  needs: ['registry', 'bubblewrap'],
  limitMs: minutes(14),
  async run(context) {
    const waiting = [...EXPECTED];
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await upgrade(context, next);
    };
    await Promise.all([lane(), lane()]);
  },
};

async function upgrade(context: JourneyContext, expected: Expectation): Promise<void> {
  const project = await fetchPackage(context, expected.spec);
  const { result, code, output } = await modernize(context, [project, '--max-minutes', '12'], { limitMs: minutes(13) });
  must(code === 0 && result.status === 'done', `${expected.spec} was not upgraded.`, output.slice(-2000));
  const kept = result.kept.map(({ name }) => name);
  context.log(
    `${expected.spec}: ${kept.length} kept, ${result.refused.length} refused, ${result.trials} trials, ${durationText(result.wallMs)}`,
  );
  const missing = expected.kept.filter((name) => !kept.includes(name));
  must(missing.length === 0, `${expected.spec} should have kept ${missing.join(', ')}.`, result.refused);
  for (const { name, cause, from, to } of result.refused) {
    must(cause.length > 20, `${name} was refused without a cause.`, cause);
    must(from !== to, `${name} was refused although ${to} was installed already.`);
  }
}

/** The package as it was published, unpacked by npm itself. */
async function fetchPackage(context: JourneyContext, spec: string): Promise<string> {
  const folder = join(context.folder, spec);
  mkdirSync(folder, { recursive: true });
  const packed = await context.run(['npm', 'pack', spec, '--silent'], { cwd: folder });
  must(packed.code === 0, `${spec} could not be fetched.`, packed.output);
  await context.run(['tar', 'xzf', packed.stdout.trim()], { cwd: folder });
  return join(folder, 'package');
}

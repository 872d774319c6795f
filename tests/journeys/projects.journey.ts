// The six old projects of the registry, upgraded for real: what is kept, what is refused, and why.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { durationText, minutes } from 'kernel/basics';

import type { Journey, JourneyContext } from './journey.ts';
import { modernize, must } from './tandem.ts';

interface Expectation {
  readonly spec: string;
  readonly kept: readonly string[];
  readonly refused: readonly string[];
}

const EXPECTED: readonly Expectation[] = [
  {
    spec: 'replace-in-file@6.2.0',
    kept: ['chalk', 'yargs', 'mocha', 'nyc'],
    refused: ['glob', '@babel/core', '@babel/cli', '@babel/preset-env', '@babel/register', 'chai', 'dirty-chai'],
  },
  { spec: 'changelog-parser@2.8.0', kept: ['remove-markdown', 'tape', 'tap-spec'], refused: ['line-reader'] },
  { spec: 'mustache-express@1.3.0', kept: ['async', 'mustache', 'mocha'], refused: ['lru-cache'] },
  { spec: 'jsonwebtoken@5.7.0', kept: ['jws', 'ms', 'xtend', 'atob', 'chai', 'mocha'], refused: ['sinon'] },
  { spec: 'passport-jwt@4.0.0', kept: ['jsonwebtoken', 'mocha'], refused: ['chai', 'chai-passport-strategy', 'sinon'] },
  {
    spec: 'csv-write-stream@2.0.0',
    kept: ['argparse', 'generate-object-property', 'ndjson', 'concat-stream', 'tape'],
    refused: [],
  },
];

export const journey: Journey = {
  name: 'six old projects of the registry are upgraded as far as they go, and every refusal says why',
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
  const refused = result.refused.map(({ name }) => name);
  context.log(
    `${expected.spec}: ${kept.length} kept, ${refused.length} refused, ${result.trials} trials, ${durationText(result.wallMs)}`,
  );
  const missing = expected.kept.filter((name) => !kept.includes(name));
  must(missing.length === 0, `${expected.spec} should have kept ${missing.join(', ')}.`, result.refused);
  const notRefused = expected.refused.filter((name) => !refused.includes(name));
  must(notRefused.length === 0, `${expected.spec} should have refused ${notRefused.join(', ')}.`, kept);
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

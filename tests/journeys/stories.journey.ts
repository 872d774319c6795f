// Small projects with one story each, in the real sandbox: what wavers, what conflicts, what hangs, what never ends.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { minutes, seconds } from 'kernel/basics';

import { PACKAGES, writeProject, type ProjectName } from '../fixture-projects/index.ts';
import { startLoopbackRegistry, type LoopbackRegistry } from '../loopback-registry/index.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { modernize, must, sameNames, tandem, tandemAt } from './tandem.ts';

interface Stage {
  readonly context: JourneyContext;
  readonly registry: LoopbackRegistry;
  readonly env: Readonly<Record<string, string>>;
}

const project = ({ context }: Stage, name: ProjectName): string => {
  const folder = join(context.folder, `${name}-${readdirSync(context.folder).length}`);
  mkdirSync(folder);
  return writeProject(folder, name);
};

export const journey: Journey = {
  name: 'each small project ends as its story tells, and bad ones end with a clear word and the right exit code',
  needs: ['bubblewrap'],
  parallel: true,
  limitMs: minutes(30),
  async run(context) {
    const registry = await startLoopbackRegistry({ packages: PACKAGES });
    context.atEnd(() => registry.close());
    const stage: Stage = { context, registry, env: { TANDEM_REGISTRY: registry.url } };
    for (const [name, story] of Object.entries(STORIES)) {
      await story(stage);
      context.log(name);
    }
  },
};

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'what works is kept; a kept upgrade that raises the Node release is marked and committed': async (stage) => {
    const folder = project(stage, 'story');
    const { code, result } = await modernize(stage.context, [folder], stage);
    must(code === 0, 'It is done.', result);
    must(sameNames(result.kept, ['@scope/tool', 'good', 'modern', 'newest']), 'Four are kept.', result.kept);
    must(
      result.kept.some(({ name, raisesEngines }) => name === 'modern' && raisesEngines === '22.0.0'),
      'It is marked.',
    );
    must(result.trials <= 8, 'Five upgrades, one of which breaks, need few trials.', result.trials);
    const log = execFileSync('git', ['log', '--format=%s', result.branch ?? ''], {
      cwd: result.repository ?? '',
      encoding: 'utf8',
    });
    must(log.startsWith('Ask for Node >=22.0.0\n'), 'Engines are a commit of their own.', log);
    must(readdirSync(folder).sort().join() === 'index.js,package.json,test.js', 'The project is untouched.');
  },
  'what is red for a changed shape is kept with the change of code that follows from it': async (stage) => {
    const { code, result } = await modernize(stage.context, [project(stage, 'mendable')], stage);
    must(code === 0 && sameNames(result.kept, ['callable']), 'It is kept.', result);
    must(result.kept[0]?.rewrite?.files[0]?.path === 'index.js', 'The change of code is told.', result.kept);
    must(result.proof?.passed === 5, 'It is proven in five fresh trees.', result.proof);
  },
  'with strict engines the same upgrade is refused, and the reason is the engines': async (stage) => {
    const { result } = await modernize(stage.context, [project(stage, 'story'), '--engines', 'declared'], stage);
    const refused = result.refused.find(({ name }) => name === 'modern');
    must(refused?.verdict.kind === 'engines', 'modern is refused by engines.', result.refused);
  },
  'a lockfile that the project keeps moves along with each commit': async (stage) => {
    const folder = project(stage, 'pair');
    const env = { ...stage.env, npm_config_registry: stage.registry.url };
    const locked = await stage.context.run(['npm', 'install', '--package-lock-only', '--ignore-scripts'], {
      cwd: folder,
      env,
    });
    must(locked.code === 0, 'It has a lockfile.', locked.output);
    const { code, result } = await modernize(stage.context, [folder], stage);
    must(code === 0 && sameNames(result.kept, ['good']), 'One is kept.', result);
    const show = (file: string): string =>
      execFileSync('git', ['show', `${result.branch}:${file}`], { cwd: result.repository ?? '', encoding: 'utf8' });
    must(
      show('package-lock.json').includes('good-2.0.0.tgz') ||
        /"node_modules\/good": \{\s*"version": "2\.0\.0"/.test(show('package-lock.json')),
      'The lockfile installs it.',
    );
    must(
      !/127\.0\.0\.1:(?!PORT)\d+/.test(show('package-lock.json').replaceAll(new URL(stage.registry.url).host, '')),
      'No address of the sandbox is in it.',
    );
  },
  'a test that wavers is found by name and blamed on no upgrade': async (stage) => {
    const { result } = await modernize(stage.context, [project(stage, 'wavering')], stage);
    must(
      result.baseline?.flaky.join() === 'wavers' && sameNames(result.kept, ['good']),
      'It is flaky and kept.',
      result,
    );
  },
  'a project without tests is judged by starting it': async (stage) => {
    const { result } = await modernize(stage.context, [project(stage, 'service')], stage);
    must(result.baseline?.level === 3 && sameNames(result.kept, ['good']), 'Level 3, one kept.', result);
    must(result.refused[0]?.name === 'server', 'What no longer starts is refused.', result.refused);
  },
  'a question waits for a person, is answered at the terminal, and the run goes on': async (stage) => {
    const asked = await modernize(stage.context, [project(stage, 'conflict')], stage);
    must(asked.code === 1 && asked.result.status === 'needs-person', 'It waits.', asked.result);
    const [decision] = asked.result.decisions;
    const answer = ['decide', asked.result.run, decision?.id ?? '', 'take'];
    must((await tandem(stage.context, answer, stage)).code === 0, 'It is answered.');
    const resumed = await modernize(stage.context, ['--resume', asked.result.run], stage);
    must(
      resumed.code === 0 && sameNames(resumed.result.kept, ['plugin']),
      'The choice is carried out.',
      resumed.result,
    );
  },
  'a red project is reported and left alone': async (stage) => {
    const { code, result } = await modernize(stage.context, [project(stage, 'red')], stage);
    must(code === 1 && result.status === 'stopped', 'It is stopped.', result);
    must(
      result.reason?.includes('was red before') === true && result.branch === null,
      'It says which test.',
      result.reason,
    );
  },
  'tests that hang end with the time that the run may take': async (stage) => {
    const { code, result } = await modernize(stage.context, [project(stage, 'hanging'), '--max-minutes', '1'], {
      ...stage,
      limitMs: minutes(5),
    });
    must(code === 1 && result.status === 'stopped', 'It is stopped.', result);
  },
  'tests that print without end are cut': async (stage) => {
    const { code, result } = await modernize(stage.context, [project(stage, 'chatty')], stage);
    must(code === 1 && result.reason?.includes('printed more than') === true, 'It says so.', result);
  },
  'a registry that is down leaves the run resumable; back again, it finishes': async (stage) => {
    stage.registry.setFault('*', 'half-answer');
    const down = await modernize(stage.context, [project(stage, 'pair')], stage);
    must(down.code === 3 && down.result.status === 'interrupted', 'It is interrupted.', down.result);
    must(down.output.includes('REGISTRY_UNAVAILABLE'), 'The code is told.', down.output);
    stage.registry.setFault('*', null);
    const resumed = await modernize(stage.context, ['--resume', down.result.run], stage);
    must(resumed.code === 0 && sameNames(resumed.result.kept, ['good']), 'It finishes.', resumed.result);
  },
  'a full disk stops the run with a clear word, and with space again it goes on': async (stage) => {
    const home = join(stage.context.folder, 'small-disk');
    mkdirSync(home);
    const mounted = await stage.context.run(['mount', '-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tandem', home]);
    if (mounted.code !== 0) return stage.context.log('left out: no disk can be mounted here');
    stage.context.atEnd(async () => void (await stage.context.run(['umount', '-l', home])));
    const env = { ...stage.env, TANDEM_HOME: home };
    const folder = project(stage, 'pair');
    const full = await tandem(stage.context, ['modernize', folder, '--json'], { env });
    must(full.code === 3 && /disk|space/i.test(full.output), 'It says that the disk is full.', full);
    await stage.context.run(['mount', '-o', 'remount,size=300m', home]);
    const runs = JSON.parse((await tandem(stage.context, ['runs', '--json'], { env })).stdout) as {
      readonly runs: readonly { readonly id: string }[];
    };
    const [left] = runs.runs;
    const again = await modernize(stage.context, left === undefined ? [folder] : ['--resume', left.id], { env });
    must(again.code === 0 && sameNames(again.result.kept, ['good']), 'With space it goes on.', again.result);
  },
  'wrong words, wrong paths and foreign lockfiles end with 2 or 1 and say what next': async (stage) => {
    const bun = project(stage, 'pair');
    writeFileSync(join(bun, 'bun.lock'), '');
    const broken = project(stage, 'pair');
    writeFileSync(join(broken, 'package.json'), '{ "name": ');
    const cases: readonly (readonly [readonly string[], number, string])[] = [
      [['modernize', join(stage.context.folder, 'nowhere')], 2, 'PROJECT_NOT_FOUND'],
      [['modernize', broken], 2, 'MANIFEST_UNREADABLE'],
      [['modernize', bun], 1, 'LOCKFILE_OF_ANOTHER_TOOL'],
      [['modernize'], 2, 'PATH_OR_RUN'],
      [['modernize', bun, '--engines', 'sometimes'], 2, 'OPTION_WRONG'],
      [['modernize', '--resume', 'zzzz'], 2, 'RUN_NOT_FOUND'],
      [['modernize', bun, '--no-such-option'], 2, 'unknown option'],
    ];
    for (const [args, code, word] of cases) {
      const ended = await tandem(stage.context, args, stage);
      must(
        ended.code === code && ended.output.includes(word),
        `${args.join(' ')} ends with ${code} and ${word}.`,
        ended,
      );
    }
  },
  'a second run on the same project is not started, and the first is named': async (stage) => {
    const folder = project(stage, 'hanging');
    const first = stage.context.spawn([tandemAt(stage.context.root), 'modernize', folder], { env: stage.env });
    await stage.context.waitFor('the first run begins', () => first.output().includes('Upgrading'), seconds(30));
    const second = await tandem(stage.context, ['modernize', folder], stage);
    must(second.code === 1 && second.output.includes('PROJECT_BUSY'), 'It is refused.', second.output);
    first.kill('SIGINT');
    must((await first.exit) === 1 && first.output().includes('--resume'), 'Ctrl-C says how to go on.', first.output());
  },
  'two servers on one home: the second says so and ends': async (stage) => {
    const first = stage.context.spawn([tandemAt(stage.context.root), 'serve', '--port', '0'], { env: stage.env });
    await stage.context.waitFor('the first is ready', () => first.output().includes('Tandem is ready'), seconds(30));
    const second = await tandem(stage.context, ['serve', '--port', '0'], stage);
    must(second.code !== 0 && /already|another/i.test(second.output), 'It says so.', second.output);
    first.kill('SIGKILL');
    await first.exit;
    const third = stage.context.spawn([tandemAt(stage.context.root), 'serve', '--port', '0'], { env: stage.env });
    await stage.context.waitFor(
      'a third starts after the first was killed',
      () => third.output().includes('Tandem is ready'),
      seconds(30),
    );
    third.kill('SIGTERM');
    must((await third.exit) === 0, 'It ends well.', third.output());
  },
};

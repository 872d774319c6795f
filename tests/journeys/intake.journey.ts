// Projects of every kind are taken in, and bad ones end with a clear word, the right exit code and untouched.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { minutes } from 'kernel/basics';

import { zipOf } from '../fixture-projects/zip.ts';
import { PACKAGES, writeProject, type ProjectName } from '../fixture-projects/index.ts';
import { startLoopbackRegistry, type LoopbackRegistry } from '../loopback-registry/index.ts';
import type { Journey, JourneyContext } from './journey.ts';
import { modernize, must, sameNames, serve, tandem, type Modernized } from './tandem.ts';

interface Stage {
  readonly context: JourneyContext;
  readonly registry: LoopbackRegistry;
  readonly env: Readonly<Record<string, string>>;
}

/** Packages of a project that depends on very many: each has a newer version. */
const MANY = 2000;
const many = Array.from({ length: MANY }, (_, number) => `many-${number}`);
const MANY_PACKAGES = many.flatMap((name) =>
  ['1.0.0', '1.1.0'].map((version) => ({ name, version, files: { 'index.js': 'module.exports = 1;' } })),
);

const project = ({ context }: Stage, name: ProjectName): string => {
  const folder = join(context.folder, `${name}-${readdirSync(context.folder).length}`);
  mkdirSync(folder);
  return writeProject(folder, name);
};

export const journey: Journey = {
  name: 'projects of every package manager and form are upgraded, and bad ones are told and left untouched',
  needs: ['bubblewrap'],
  parallel: true,
  limitMs: minutes(40),
  async run(context) {
    const registry = await startLoopbackRegistry({ packages: [...PACKAGES, ...MANY_PACKAGES] });
    context.atEnd(() => registry.close());
    const stage: Stage = { context, registry, env: { TANDEM_REGISTRY: registry.url } };
    for (const [name, story] of Object.entries(STORIES)) {
      await story(stage);
      context.log(name);
    }
  },
};

/** What a folder holds, by path, with its bytes. */
const contentsOf = (folder: string): string =>
  JSON.stringify(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => [name, statSync(join(folder, name)).isFile() ? readFileSync(join(folder, name), 'utf8') : null]),
  );

/** Runs a project to its end and holds that its folder is as it was. */
async function untouched(stage: Stage, folder: string, ...args: readonly string[]): Promise<Modernized> {
  const before = contentsOf(folder);
  const ended = await modernize(stage.context, [folder, ...args], { ...stage, limitMs: minutes(15) });
  must(contentsOf(folder) === before, 'The project is untouched.');
  return ended;
}

const show = ({ result }: Modernized, file: string): string =>
  execFileSync('git', ['show', `${result.branch}:${file}`], { cwd: result.repository ?? '', encoding: 'utf8' });

/** Where one of two workspaces declares what both use: in its manifest, or in the catalog that it takes it from. */
const IN_MANIFEST = { file: 'packages/shop/package.json', raised: '"good": "^2.0.0"' };
const IN_CATALOG = { file: 'pnpm-workspace.yaml', raised: 'good: ^2.0.0 # for all' };

const upgradesTogether =
  (name: ProjectName, { file, raised } = IN_MANIFEST) =>
  async (stage: Stage): Promise<void> => {
    const ended = await untouched(stage, project(stage, name));
    must(ended.code === 0 && sameNames(ended.result.kept, ['good']), 'One is kept.', ended.result);
    must(sameNames(ended.result.refused, ['breaking']), 'One is refused.', ended.result.refused);
    must(show(ended, file).includes(raised), 'It moves in one workspace.', show(ended, file));
    must(show(ended, 'packages/till/package.json').includes('"good": "~2.0.0"'), 'And in the other.');
    must(
      ended.result.leftAlone.some(({ name: left, reason }) => left === 'till' && reason.includes('workspace')),
      'A workspace is left alone.',
      ended.result.leftAlone,
    );
  };

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  'workspaces of npm move together': upgradesTogether('monorepo'),
  'workspaces of pnpm move together': upgradesTogether('monorepo-pnpm', IN_CATALOG),
  'workspaces of Yarn 1 move together': upgradesTogether('monorepo-yarn-classic'),
  'workspaces of Yarn move together': upgradesTogether('monorepo-yarn'),
  'lockfiles of two package managers are refused with both names, and taken when one is named': async (stage) => {
    const folder = project(stage, 'pair');
    writeFileSync(join(folder, 'yarn.lock'), '');
    writeFileSync(join(folder, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    const refused = await tandem(stage.context, ['modernize', folder], stage);
    must(refused.code === 1 && refused.output.includes('LOCKFILES_OF_SEVERAL_TOOLS'), 'It is refused.', refused);
    must(
      refused.output.includes('package-lock.json and yarn.lock') && refused.output.includes('--package-manager yarn'),
      'Both are named, and how to choose.',
      refused.output,
    );
    const taken = await untouched(stage, folder, '--package-manager', 'yarn');
    must(taken.code === 0 && sameNames(taken.result.kept, ['good']), 'With a word it is taken.', taken.result);
    must(show(taken, 'yarn.lock').includes('good@^2.0.0'), 'Its lockfile moves along.');
    must(!/127\.0\.0\.1:4873|\/-\/here/.test(show(taken, 'yarn.lock')), 'No address of the sandbox is in it.');
  },
  'workspaces in a circle are upgraded, and the circle is said': async (stage) => {
    const { code, result } = await untouched(stage, project(stage, 'cyclic'));
    must(code === 0 && sameNames(result.kept, ['good']), 'One is kept.', result);
    must(
      result.leftAlone.some(({ reason }) => reason.includes('egg → hen → egg')),
      'The circle is named.',
      result.leftAlone,
    );
  },
  'an archive and the address of a repository are upgraded like a folder': async (stage) => {
    const folder = project(stage, 'pair');
    const archive = join(stage.context.folder, 'pair.zip');
    const files = readdirSync(folder).map((name) => ({
      name: `pair-main/${name}`,
      content: readFileSync(join(folder, name)),
    }));
    writeFileSync(archive, zipOf(files));
    const zipped = await modernize(stage.context, [archive], stage);
    must(zipped.code === 0 && sameNames(zipped.result.kept, ['good']), 'The archive is.', zipped.result);
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder, encoding: 'utf8' });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Begin');
    const fetched = await modernize(stage.context, [`file://${folder}`, '--branch', 'main'], stage);
    must(fetched.code === 0 && sameNames(fetched.result.kept, ['good']), 'The repository is.', fetched.result);
    must(fetched.result.fetchLine?.startsWith('git clone') === true, 'A line brings it home.', fetched.result);
  },
  'an archive that reaches out, an address with a helper and one that is gone are refused': async (stage) => {
    const archive = join(stage.context.folder, 'evil.zip');
    writeFileSync(
      archive,
      zipOf([
        { name: 'package.json', content: '{}' },
        { name: 'a', content: '/etc', mode: 0o120777 },
      ]),
    );
    const cases: readonly (readonly [string, number, string])[] = [
      [archive, 2, 'ARCHIVE_REFUSED'],
      ['ext::sh', 2, 'ADDRESS_WRONG'],
      [`file://${stage.context.folder}/nowhere`, 2, 'CLONE_FAILED'],
    ];
    for (const [named, code, word] of cases) {
      const ended = await tandem(stage.context, ['modernize', named], stage);
      must(ended.code === code && ended.output.includes(word), `${named} ends with ${code} and ${word}.`, ended);
    }
  },
  'an archive that is sent to the server is upgraded there': async (stage) => {
    const server = await serve(stage.context, stage);
    const folder = project(stage, 'pair');
    const files = readdirSync(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) }));
    const sent = await fetch(`${server.url}/api/modernizer/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.token}`, 'content-type': 'application/zip' },
      body: new Uint8Array(zipOf(files)),
    });
    const { upload } = (await sent.json()) as { readonly upload: string };
    const begun = await server.ask('/api/modernizer/runs', { project: { kind: 'upload', upload, name: 'pair.zip' } });
    const { run } = begun.json as { readonly run: string };
    const done = await stage.context.waitFor(
      'the run ends',
      async () => {
        const { json } = await server.ask(`/api/modernizer/runs/${run}`);
        const result = json as Modernized['result'];
        return result.completedAt === null ? undefined : result;
      },
      minutes(3),
    );
    must(done.status === 'done' && sameNames(done.kept, ['good']), 'One is kept.', done);
    server.running.kill('SIGTERM');
    await server.running.exit;
  },
  'tests that need a database are said, and the project is judged without them': async (stage) => {
    const { code, result } = await untouched(stage, project(stage, 'needs-database'));
    must(code === 0 && result.baseline?.kind === 'none' && result.baseline.level === 2, 'Level 2.', result.baseline);
    must(result.baseline.label.includes('PostgreSQL at port 5432'), 'The database is named.', result.baseline);
    must(sameNames(result.kept, ['good']) && sameNames(result.refused, ['server']), 'What loads is kept.', result);
  },
  'an install script runs only where a person allowed it, and that is remembered for the project': async (stage) => {
    const folder = project(stage, 'needs-script');
    const red = await untouched(stage, folder);
    must(red.code === 1 && red.result.next?.includes('--allow-scripts built') === true, 'It says how.', red.result);
    const allowed = await untouched(stage, folder, '--allow-scripts', 'built');
    must(allowed.code === 0 && sameNames(allowed.result.kept, ['built']), 'Allowed, it is kept.', allowed.result);
    const again = await untouched(stage, folder);
    must(again.code === 0 && sameNames(again.result.kept, ['built']), 'It is remembered.', again.result);
  },
  'tests that delete themselves are said': async (stage) => {
    const { code, result } = await untouched(stage, project(stage, 'self-deleting'));
    must(
      code === 1 && result.reason?.includes('delete files of the project (test.js)') === true,
      'It says so.',
      result,
    );
  },
  'tests that print gigabytes are cut': async (stage) => {
    const folder = project(stage, 'chatty');
    const print =
      "const line = 'x'.repeat(1 << 20) + '\\n'; for (let i = 0; i < 2048; i += 1) require('fs').writeSync(1, line);";
    writeFileSync(join(folder, 'test.js'), print);
    const { code, result } = await untouched(stage, folder);
    must(code === 1 && result.reason?.includes('printed more than') === true, 'It says so.', result);
  },
  'packages whose archive is cut, missing or other than promised stop the run with the reason': async (stage) => {
    const words = {
      'broken-integrity': /other bytes|integrity|EINTEGRITY/i,
      'missing-tarball': /no version for|lacks/i,
      'half-tarball': /./,
    };
    for (const [fault, word] of Object.entries(words)) {
      stage.registry.setFault('good', fault as keyof typeof words);
      const env = { ...stage.env, TANDEM_HOME: join(stage.context.folder, `home-${fault}`) };
      const ended = await modernize(stage.context, [project(stage, 'pair')], { env, limitMs: minutes(10) });
      must(ended.code !== 0 && ended.result.kept.length === 0, `${fault}: nothing is kept.`, ended.result);
      must(word.test(`${ended.result.reason ?? ''} ${ended.output}`), `${fault}: it says why.`, ended.result.reason);
      stage.context.log(`${fault}: ${ended.result.reason ?? ended.output.slice(-200)}`);
    }
    stage.registry.setFault('good', null);
  },
  'a project of two thousand dependencies ends within its time with what it has': async (stage) => {
    const folder = join(stage.context.folder, 'many');
    mkdirSync(folder);
    const dependencies = Object.fromEntries(many.map((name) => [name, '1.0.0']));
    const manifest = { name: 'many', version: '1.0.0', scripts: { test: 'node -e 0' }, dependencies };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest, null, 2));
    const began = Date.now();
    const { result } = await untouched(stage, folder, '--max-minutes', '1');
    stage.context.log(
      `${result.kept.length} kept in ${Math.round((Date.now() - began) / 1000)} s, ${result.trials} trials`,
    );
    must(result.status === 'done' || result.status === 'stopped', 'It ends.', result.status);
    must(
      result.leftAlone.some(({ name }) => name.endsWith('more upgrades')),
      'What one run does not take is for the next.',
      result.leftAlone.slice(0, 2),
    );
    const isOutOfTime = result.reason?.includes('time was used up') === true;
    must(result.kept.length > 200 || isOutOfTime, 'Hundreds are kept, or its time was too short.', result.reason);
  },
};

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { Journal } from 'kernel/journal';

import { named, openStage, type Stage } from '../../tests/fixture-projects/stage.ts';

// Each run starts npm many times over.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 60_000 });

const never = new AbortController().signal;
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('where two ways are green a person chooses, and the choice is carried out', async () => {
  const { modernizer, run } = await stage.begin('conflict');
  expect((await modernizer.execute(run, never)).status).toBe('needs-person');
  const [decision] = (await modernizer.result(run)).decisions;
  expect(decision?.question).toBe('Which upgrade do you want: host, or plugin?');
  await expect(modernizer.answer(run, decision?.id ?? '', 'neither', 'me')).rejects.toMatchObject({
    code: 'OPTION_UNKNOWN',
  });
  await modernizer.answer(run, decision?.id ?? '', 'take', 'me');
  await expect(modernizer.answer(run, decision?.id ?? '', 'keep', 'me')).rejects.toMatchObject({
    code: 'DECISION_NOT_OPEN',
  });
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const result = await modernizer.result(run);
  expect([named(result.kept), named(result.refused)]).toEqual([['plugin'], ['host']]);
});

test('a red project whose install scripts were not run is judged anew when a person allows them, and goes on', async () => {
  const { modernizer, run, path } = await stage.begin('needs-script');
  expect((await modernizer.execute(run, never)).status).toBe('needs-person');
  const [decision] = (await modernizer.view(run)).decisions;
  expect(decision).toMatchObject({ defaultOption: 'no', why: expect.stringContaining('red as it is') });
  expect(decision?.question).toBe('May the install scripts of built run for this project?');
  await modernizer.answer(run, decision?.id ?? '', 'allow', 'me');
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const result = await modernizer.result(run);
  expect([result.baseline?.kind, named(result.kept)]).toEqual(['green', ['built']]);
  const again = await modernizer.start({ ...stage.request(path), unasked: true });
  if (again.kind !== 'started') throw new Error(again.kind);
  expect((await stage.journal.get(again.run))?.input).toMatchObject({ options: { allowScripts: ['built'] } });
});

test('a red project stays red where a person does not allow its install scripts, and the run ends as it would unasked', async () => {
  const { modernizer, run, path } = await stage.begin('needs-script');
  expect((await modernizer.execute(run, never)).status).toBe('needs-person');
  const [decision] = (await modernizer.view(run)).decisions;
  await modernizer.answer(run, decision?.id ?? '', 'no', 'me');
  const refused = await modernizer.execute(run, never);
  const unasked = await modernizer.start({ ...stage.request(path), unasked: true });
  if (unasked.kind !== 'started') throw new Error(unasked.kind);
  expect(await modernizer.execute(unasked.run, never)).toEqual(refused);
  expect(refused).toMatchObject({ status: 'stopped', reason: expect.stringContaining('red before') });
  expect((await modernizer.result(run)).next).toContain('--allow-scripts built');
  expect((await modernizer.view(unasked.run)).decisions).toEqual([]);
});

test('an upgrade that is red without its install script is tried with it when a person allows it, and is kept', async () => {
  const { modernizer, run } = await stage.begin('grows-script');
  expect((await modernizer.execute(run, never)).status).toBe('needs-person');
  const [decision] = (await modernizer.view(run)).decisions;
  expect(decision?.question).toBe('May the install scripts of growing run for this project?');
  expect(decision?.why).toMatch(/^growing 2\.0\.0 was refused\./);
  await modernizer.answer(run, decision?.id ?? '', 'allow', 'me');
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const { kept, proof, branch, repository, report } = await modernizer.result(run);
  expect(kept).toMatchObject([{ name: 'growing', to: '2.0.0', rewrite: { files: [] } }]);
  expect(proof).toMatchObject({ kind: 'green', passed: 5, of: 5 });
  const show = ['show', '--format=%B', '--name-only', branch ?? ''];
  const commit = execFileSync('git', show, { cwd: repository ?? '', encoding: 'utf8' });
  expect(commit).toContain('Without install scripts it is red: The install scripts of growing run');
  expect(readFileSync(report ?? '', 'utf8')).toContain('Kept with install scripts');
});

test('an upgrade whose install script a person does not allow stays refused, and nobody is asked twice', async () => {
  const { modernizer, run } = await stage.begin('grows-script');
  expect((await modernizer.execute(run, never)).status).toBe('needs-person');
  const [decision] = (await modernizer.view(run)).decisions;
  await modernizer.answer(run, decision?.id ?? '', 'no', 'me');
  expect((await modernizer.execute(run, never)).status).toBe('done');
  const { refused, decisions } = await modernizer.result(run);
  expect([named(refused), decisions.length]).toEqual([['growing'], 1]);
});

test('a run that loses its lease anywhere is finished by the next, which repeats no finished trial', async () => {
  const { run } = await stage.begin('pair');
  let writesLeft = 4;
  const failing: Journal = {
    ...stage.journal,
    append: async (...append) => {
      writesLeft -= 1;
      return writesLeft < 0 && append[1] !== null ? { kind: 'fenced-off' } : stage.journal.append(...append);
    },
  };
  let losses = 0;
  while ((await stage.modernizerWith(failing).execute(run, never)).status === 'interrupted') {
    losses += 1;
    writesLeft = 8 + losses;
  }
  expect(losses).toBeGreaterThan(2);
  const finished = (await stage.journal.read(run, 0, 1000)).filter(({ kind }) => kind === 'trial-finished');
  const trials = finished.map(({ data }) => (data as { trial: string }).trial);
  expect(new Set(trials).size).toBe(trials.length);
  const result = await stage.modernizerWith(stage.journal).result(run);
  expect([result.status, result.reason, named(result.kept)]).toEqual(['done', null, ['good']]);
});

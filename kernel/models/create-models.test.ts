import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';

import type { LanguageModelV4, LanguageModelV4CallOptions } from '@ai-sdk/provider';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';

import { manualClock, systemClock } from '../basics/index.ts';
import { createGuard, type GuardStage } from '../guard/index.ts';
import { answerNotesOf, createReplay } from './index.ts';
import { ADD_TOOL, asking, partsOf, textIn } from './model.contract.ts';
import { CALLER, KEY_A, KEY_B, setting, underTest, type Plan, type UnderTest } from './models-under-test.ts';
import { answering, firstMeets, notesIn, stream, TEXT } from './routing/answers-under-test.ts';
import { startWireFake, type WireBehaviour } from './wire-fakes/index.ts';

const open: UnderTest[] = [];
const folders: string[] = [];
const started = async (plan: Plan): Promise<UnderTest> => {
  const test = await underTest(plan);
  open.push(test);
  return test;
};
const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'tandem-replay-'));
  folders.push(path);
  return path;
};
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
});

test('what is handed out has all of the face of specification v4', async () => {
  const under = await started({ script: answering });
  const model = under.models.model('auto', CALLER);
  expectTypeOf(model).toEqualTypeOf<LanguageModelV4 | undefined>();
  expectTypeOf<Parameters<LanguageModelV4['doStream']>[0]>().toEqualTypeOf<LanguageModelV4CallOptions>();
  expect(Object.keys(model ?? {}).sort()).toEqual(
    ['doGenerate', 'doStream', 'modelId', 'provider', 'specificationVersion', 'supportedUrls'].sort(),
  );
});

describe('a name', () => {
  test('is a route, provider/model, a bare name whose provider is plain, or nothing', async () => {
    const { models } = await started({ script: answering });
    for (const name of ['auto', 'anthropic/claude-x', 'claude-haiku-4-5', 'gpt-4o', 'tandem-rules/guide']) {
      expect(models.model(name, CALLER)?.modelId, name).toBe(name);
    }
    for (const name of [
      '',
      'gemini-2.5-pro',
      'qwen/qwen-max',
      'nobody',
      'local/llama3',
      '__proto__',
      'constructor/x',
    ]) {
      expect(models.model(name, CALLER), name).toBeUndefined();
    }
    expect(models.catalogue().map(({ id }) => id)).toEqual([
      'auto',
      'anthropic/claude-sonnet-4-5',
      'openai/gpt-5-mini',
      'tandem-rules/guide',
    ]);
    expect(models.sourceText()).toBe('anthropic claude-sonnet-4-5');
  });

  test('that is a route asks its targets by its policy, with its options', async () => {
    const { models, fake } = await started({ script: answering });
    const targets = [
      { model: 'openai/gpt-5-mini', weight: 1 },
      { model: 'anthropic/claude-sonnet-4-5', weight: 1 },
    ];
    models.setRoutes([{ name: 'fast', policy: 'pinned', targets, options: { openai: { reasoningEffort: 'low' } } }]);
    await models.model('fast', CALLER)?.doGenerate(asking('Hi'));
    expect(fake.requests[0]?.body).toMatchObject({ model: 'gpt-5-mini', reasoning_effort: 'low' });
    models.setRoutes([{ name: 'auto', policy: 'cost', targets, options: {} }]);
    await models.model('auto', CALLER)?.doGenerate(asking('Hi'));
    expect(fake.requests[1]?.model).toBe('gpt-5-mini');
  });

  test.each([
    [{ name: 'a b' }, /characters/],
    [{ targets: [{ model: 'gpt-4o', weight: 1 }] }, /provider\/model/],
    [{ targets: [{ model: 'openai/gpt-4o', weight: -1 }] }, /weight/],
    [{ options: { openai: { temperature: 'hot' } } }, /temperature/],
  ])('of a wrong route is refused: %j', async (change, why) => {
    const { models } = await started({ script: answering });
    const route = { name: 'r', policy: 'pinned', targets: [], options: {}, ...change } as const;
    expect(() => models.setRoutes([route])).toThrow(why);
    expect(() =>
      models.setRoutes([
        { name: 'x', policy: 'pinned', targets: [], options: {} },
        { name: 'x', policy: 'cost', targets: [], options: {} },
      ]),
    ).toThrow(/same name/);
    expect(models.routes()).toEqual([]);
  });
});

describe('without any key', () => {
  test('the built-in rules answer, cost nothing and are named as what they are', async () => {
    const under = await started({
      script: answering,
      settings: () => [setting('anthropic', 'http://127.0.0.1:9/v1', [])],
    });
    expect(under.models.sourceText()).toBe('built-in rules');
    const parts = await stream(under);
    expect(notesIn(parts)).toMatchObject({
      source: { provider: 'tandem-rules', text: 'built-in rules' },
      costMicroUsd: 0,
    });
    expect((await under.lines())[0]).toMatchObject({ provider: 'tandem-rules', costMicroUsd: 0, outcome: 'ok' });
  });

  test('servers on this machine are found, asked, and cost nothing', async () => {
    const ollama = await startWireFake(answering, ['llama3', 'mistral']);
    const under = await started({
      script: answering,
      settings: () => [],
      options: { discoveryPorts: [ollama.port, 1] },
    });
    await under.models.discover(new AbortController().signal);
    expect(under.models.sourceText()).toBe('local model llama3');
    expect(under.models.catalogue().map(({ id }) => id)).toContain('local/mistral');
    expect(textIn(await stream(under, CALLER, 'mistral'))).toBe(TEXT);
    expect((await under.lines())[0]).toMatchObject({ provider: 'local', model: 'mistral', costMicroUsd: 0 });
    await ollama.close();
    await under.models.discover(new AbortController().signal);
    expect(under.models.sourceText()).toBe('built-in rules');
  });
});

describe('the guard', () => {
  const stage = (check: GuardStage['check'], more: Partial<GuardStage> = {}): GuardStage => ({
    name: 'policy',
    sides: ['before', 'after'],
    needs: 'sentence',
    timeoutMs: 1000,
    check,
    ...more,
  });
  const guarded = (check: GuardStage['check'], more: Partial<GuardStage> = {}) => ({
    ...CALLER,
    guard: createGuard([stage(check, more)], systemClock),
  });

  test('refuses what is sent: nobody is asked, and it costs nothing', async () => {
    const under = await started({ script: answering });
    const caller = guarded(() => ({ kind: 'refused', reason: 'private', instead: 'Let us talk of trees.' }));
    for (const parts of [await stream(under, caller)]) {
      expect(textIn(parts)).toBe('Let us talk of trees.');
      expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'content-filter' } });
      expect(notesIn(parts)).toMatchObject({
        verdict: { kind: 'refused', by: 'policy', reason: 'private' },
        costMicroUsd: 0,
      });
    }
    const whole = await under.models.model('auto', caller)?.doGenerate(asking('Hi'));
    expect(whole?.content).toEqual([{ type: 'text', text: 'Let us talk of trees.' }]);
    expect(under.fake.requestCount).toBe(0);
    expect(await under.lines()).toEqual([]);
  });

  test('changes what is sent before a provider has it', async () => {
    const under = await started({ script: answering });
    const caller = guarded(({ text }) => ({ kind: 'changed', text: text.replace('fox', 'hen'), reason: 'kind' }), {
      sides: ['before'],
    });
    expect(notesIn(await stream(under, caller))?.verdict).toEqual({ kind: 'changed', by: 'policy', reason: 'kind' });
    expect(under.fake.requests[0]?.text).toBe('Tell me of the hen.');
  });

  test('ends an answer in the middle: no word of it leaves, the provider is told to stop, the line says so', async () => {
    const pieces = ['All is well. ', 'The secret is ', 'forty-two. ', 'And more. ', 'And more.'];
    const script = (): WireBehaviour => ({ kind: 'answer', pieces, pieceDelayMs: 2 });
    const under = await started({ script });
    const caller = guarded(({ text }) =>
      text.includes('secret') ? { kind: 'refused', reason: 'no' } : { kind: 'passed' },
    );
    const parts = await stream(under, caller);
    expect(textIn(parts)).toBe('All is well. I would rather not talk about this.');
    expect(parts.at(-1)).toMatchObject({ finishReason: { unified: 'content-filter' } });
    expect((await under.lines())[0]).toMatchObject({ outcome: 'cut', verdict: 'refused:policy' });
    const whole = await under.models.model('auto', caller)?.doGenerate(asking('Hi'));
    expect(whole?.finishReason.unified).toBe('content-filter');
    expect(JSON.stringify(whole?.content)).not.toContain('secret');
  });

  test('looks at an answer that was joined as at any other', async () => {
    const under = await started({
      script: firstMeets({
        kind: 'answer',
        pieces: TEXT.match(/.{1,7}/g) ?? [],
        fault: { how: 'drop', afterPieces: 6 },
      }),
    });
    const seen: string[] = [];
    const caller = guarded((piece) => {
      if (piece.side === 'after') seen.push(piece.text);
      return { kind: 'passed' };
    });
    expect(textIn(await stream(under, caller))).toBe(TEXT);
    expect(seen.join('')).toBe(TEXT);
    expect((await under.lines()).at(-1)?.verdict).toBe('passed');
  });

  test('that breaks is a closed gate', async () => {
    const under = await started({ script: answering });
    const broken = {
      stages: [],
      before: () => Promise.reject(new Error('x')),
      answer: () => ({ push: () => Promise.reject(new Error('x')), end: () => Promise.reject(new Error('x')) }),
    };
    const parts = await stream(under, { ...CALLER, guard: broken });
    expect(textIn(parts)).toBe('I would rather not talk about this.');
    expect(under.fake.requestCount).toBe(0);
  });
});

describe('an answer asked for whole', () => {
  test('goes to the next leg where the first fails, and tells who answered', async () => {
    for (const first of [
      { kind: 'status', status: 529 },
      { kind: 'answer', pieces: ['a', 'b'], fault: { how: 'drop' } },
      { kind: 'answer', pieces: ['a'], fault: { how: 'garbage' } },
    ] as const) {
      const under = await started({ script: firstMeets(first) });
      const answer = await under.models.model('auto', CALLER)?.doGenerate(asking('Hi', { tools: [ADD_TOOL] }));
      expect(answer?.content).toEqual([{ type: 'text', text: TEXT }]);
      expect(answerNotesOf(answer ?? {})).toMatchObject({ source: { provider: 'openai', attempts: 2 } });
      expect((await under.lines()).map(({ outcome }) => outcome)).toEqual([
        first.kind === 'status' ? 'failed' : 'cut',
        'ok',
      ]);
    }
  });
});

describe('replay', () => {
  test('plays what was recorded, bit by bit the same, without any provider; strict says what is nearest', async () => {
    const path = folder();
    const recording = await started({
      script: answering,
      options: { replay: createReplay({ mode: 'record', folder: path, clock: systemClock }) },
    });
    const recorded = await stream(recording);
    await recording.models.model('auto', CALLER)?.doGenerate(asking('Tell me of the fox.'));
    expect(readdirSync(path)).toHaveLength(2);

    const strict = await started({
      script: () => ({ kind: 'status', status: 500 }),
      options: { replay: createReplay({ mode: 'strict', folder: path, clock: systemClock }) },
    });
    for (let time = 0; time < 2; time += 1) expect(textIn(await stream(strict))).toBe(textIn(recorded));
    const whole = await strict.models.model('auto', CALLER)?.doGenerate(asking('Tell me of the fox.'));
    expect(whole?.content).toEqual([{ type: 'text', text: TEXT }]);
    expect(strict.fake.requestCount).toBe(0);
    const error: unknown = await strict.models
      .model('auto', CALLER)
      ?.doGenerate(asking('Tell me of the dog.'))
      .then(undefined, (thrown: unknown) => thrown);
    expect(String(error)).toMatch(/no recording of request [0-9a-f]{32}.*Tell me of the fox/s);

    const lenient = await started({
      script: answering,
      options: { replay: createReplay({ mode: 'replay', folder: path, clock: systemClock }) },
    });
    await stream(lenient);
    expect(lenient.fake.requestCount).toBe(0);
    await lenient.models.model('auto', CALLER)?.doGenerate(asking('Something new.'));
    expect(lenient.fake.requestCount).toBe(1);
  });

  test('plays at the pace at which it was recorded, where that is asked for', async () => {
    const path = folder();
    const clock = manualClock();
    const inner = await import('./rules/rules-model.ts');
    const model = inner.rulesModel({ clock, seed: 1 });
    const named = { provider: 'p', model: 'm' };
    await partsOf(
      (await createReplay({ mode: 'record', folder: path, clock }).wrap(model, named).doStream(asking('Hi'))).stream,
    );
    const replay = createReplay({ mode: 'strict', folder: path, clock, pace: 'as-recorded' }).wrap(model, named);
    expect(textIn(await partsOf((await replay.doStream(asking('Hi'))).stream))).toMatch(/built-in rules/);
  });
});

test('a planted key is in no error, log, view, ledger line, recording or note, whatever a provider writes', async () => {
  const path = folder();
  const logged: unknown[] = [];
  const echo = (body: string): WireBehaviour => ({ kind: 'status', status: 500, body });
  const behaviours: readonly WireBehaviour[] = [
    { kind: 'status', status: 401, message: `Incorrect API key: ${KEY_A} ${KEY_B}` },
    { kind: 'status', status: 400, message: `Bearer ${KEY_A} is not valid for ${KEY_B}` },
    echo(`<html>${KEY_A} ${encodeURIComponent(KEY_A)}</html>`),
    { kind: 'status', status: 429, message: KEY_A, headers: { 'x-echo': KEY_A, 'retry-after-ms': '1' } },
    { kind: 'raw', contentType: 'text/event-stream', body: `data: {"error":{"message":"${KEY_A}"}}\n\n` },
    { kind: 'raw', contentType: 'application/json', body: `{"key":"${KEY_A}"` },
    { kind: 'answer', pieces: ['I know ', `${KEY_A}.`], usage: null },
  ];
  for (const behaviour of behaviours) {
    const under = await started({
      script: () => behaviour,
      options: {
        replay: createReplay({ mode: 'record', folder: path, clock: systemClock }),
        log: { warn: (...event) => void logged.push(event) },
        limits: { coolingMs: 1 },
      },
    });
    const outcomes: unknown[] = [under.models.legs(), under.models.catalogue(), under.models.sourceText()];
    const asked = under.models.model('auto', CALLER);
    const thrown: unknown = await stream(under).then(notesIn, (error: unknown) => error);
    const whole: unknown = await asked?.doGenerate(asking('Hi')).then(answerNotesOf, (error: unknown) => error);
    outcomes.push(thrown, whole, under.models.legs(), await under.lines(), logged);
    const all = outcomes.map((outcome) => inspect(outcome, { depth: 12, showHidden: true })).join('\n');
    for (const key of [KEY_A, KEY_B]) expect(all.includes(key), JSON.stringify(behaviour)).toBe(false);
  }
  for (const name of readdirSync(path)) expect(readFileSync(join(path, name), 'utf8')).not.toContain(KEY_A);
  expect(readdirSync(path).length).toBeGreaterThan(0);
});

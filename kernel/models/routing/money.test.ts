import { afterEach, describe, expect, test } from 'vitest';

import { microdollars } from '../../basics/index.ts';
import { asking, partsOf, textIn } from '../model.contract.ts';
import { CALLER, setting, underTest, type Plan, type UnderTest } from '../models-under-test.ts';
import { answering, notesIn, PIECES, stream, TEXT } from './answers-under-test.ts';

const open: UnderTest[] = [];
const started = async (plan: Plan): Promise<UnderTest> => {
  const test = await underTest(plan);
  open.push(test);
  return test;
};
afterEach(async () => {
  for (const test of open.splice(0)) await test.close();
});

describe('money', () => {
  test('a question that may cost more than is left is not sent, and the fault says what is left', async () => {
    const under = await started({ script: answering });
    await under.spending.setBudget({
      scope: 'person',
      subject: 'anna',
      period: 'total',
      limitMicroUsd: microdollars(10),
      note: '',
    });
    const error: unknown = await stream(under).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'MODELS_OVER_BUDGET', about: { kind: 'limit' } });
    expect(String(error)).toMatch(/person anna has \$0\.000010 left/);
    expect(under.fake.requestCount).toBe(0);
  });

  test('a model without a price is refused, and the fault says how to set one', async () => {
    const under = await started({ script: answering });
    await expect(stream(under, CALLER, 'anthropic/claude-unheard-of')).rejects.toMatchObject({
      code: 'MODELS_UNPRICED',
    });
    expect(under.fake.requestCount).toBe(0);
  });

  test.each<[string, { input: number; output: number }]>([
    ['negative', { input: -5, output: -7 }],
    ['absurd', { input: 1e12, output: 1e12 }],
    ['nothing', { input: 0, output: 0 }],
  ])(
    'a provider that says it used %s is charged what we counted, and never more than was set aside',
    async (_what, usage) => {
      const pieces = Array.from({ length: 60 }, () => TEXT);
      const under = await started({ script: () => ({ kind: 'answer', pieces, usage }) });
      const parts = await stream(under, CALLER, 'openai/gpt-4o', { maxOutputTokens: 5000 });
      const [line] = await under.lines();
      expect(line?.isEstimated).toBe(true);
      expect(line?.usage.outputTokens).toBeGreaterThan(900);
      expect(line?.usage.outputTokens).toBeLessThanOrEqual(5000);
      expect(line?.costMicroUsd).toBeLessThanOrEqual(line?.heldMicroUsd ?? 0);
      expect(notesIn(parts)?.isEstimated).toBe(true);
    },
  );

  test('a reader who leaves is charged for what came, once, and the provider is told to stop', async () => {
    const under = await started({ script: () => ({ kind: 'answer', pieces: PIECES, pieceDelayMs: 3 }) });
    const result = await under.models.model('auto', CALLER)?.doStream(asking('Hi'));
    const reader = result?.stream.getReader();
    for (let count = 0; count < 5; count += 1) await reader?.read();
    await reader?.cancel();
    const lines = await under.lines();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ outcome: 'cut', error: 'cancelled', isEstimated: true });
  });

  test('a call that is aborted throws its own reason and is settled', async () => {
    const under = await started({ script: () => ({ kind: 'answer', pieces: PIECES, pieceDelayMs: 3 }) });
    const gone = new AbortController();
    const result = await under.models.model('auto', CALLER)?.doStream(asking('Hi', { abortSignal: gone.signal }));
    const reading = partsOf(result?.stream ?? new ReadableStream());
    gone.abort(new Error('The person pressed stop.'));
    await expect(reading).rejects.toThrow('The person pressed stop.');
    await under.models.close();
    expect((await under.lines()).map(({ outcome }) => outcome)).toEqual(['cut']);
  });

  test('what nobody reads is settled all the same when models close', async () => {
    const under = await started({ script: () => ({ kind: 'answer', pieces: PIECES, pieceDelayMs: 3 }) });
    await under.models.model('auto', CALLER)?.doStream(asking('Hi'));
    await under.models.close();
    expect((await under.lines()).map(({ outcome }) => outcome)).toEqual(['cut']);
    await expect(stream(under)).rejects.toMatchObject({ code: 'MODELS_CLOSED' });
  });

  test('servers on this machine cost nothing and are named local', async () => {
    const under = await started({
      script: answering,
      settings: (fake) => [setting('openai_compatible', fake.url, [], 'llama3')],
    });
    expect(under.models.sourceText()).toBe('local model llama3');
    expect(textIn(await stream(under))).toBe(TEXT);
    expect((await under.lines())[0]).toMatchObject({
      provider: 'local',
      model: 'llama3',
      costMicroUsd: 0,
      outcome: 'ok',
    });
  });
});

// What spending promises, whatever database is under it.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { instant, manualClock, microdollars, type ManualClock } from '../basics/index.ts';
import type { Store } from '../store/index.ts';
import { temporaryStore, type DatabaseKind, type TemporaryDatabase } from '../store/temporary-databases.ts';
import { createSpending } from './create-spending.ts';
import type { AttemptId, AttemptDraft, Settlement, Spending, Usage } from './spending.ts';
import { SPENDING_MIGRATIONS } from './tables.ts';

const tokens = (inputTokens: number, outputTokens: number): Usage => ({
  inputTokens,
  outputTokens,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
});

/** gpt-4o: 2.50 and 10.00 US dollars for a million tokens. */
const attempt = (changes: Partial<AttemptDraft> = {}): AttemptDraft => ({
  payer: { person: 'ada', product: 'chat', run: null, key: null },
  call: 'call-1',
  provider: 'openai',
  model: 'gpt-4o',
  leg: 'openai/gpt-4o#1',
  worstCase: tokens(1000, 1000),
  ...changes,
});

const settlement = (changes: Partial<Settlement> = {}): Settlement => ({
  outcome: 'ok',
  usage: tokens(1000, 100),
  isEstimated: false,
  firstTokenMs: 12,
  tookMs: 40,
  error: null,
  verdict: null,
  ...changes,
});

const forAll = (limitMicroUsd: number, period: 'total' | 'day' | 'month' = 'total') =>
  ({ scope: 'all', subject: '', period, limitMicroUsd: microdollars(limitMicroUsd), note: '' }) as const;

export function spendingContract(kind: DatabaseKind): void {
  describe(`spending on ${kind.name}`, () => {
    let database: TemporaryDatabase;
    let store: Store;
    let clock: ManualClock;
    let spending: Spending;
    const gone = new Set<string>();
    const open = (holder: string): Spending =>
      createSpending({ store, clock, holder, isGone: (other) => gone.has(other) });
    const begun = async (changes: Partial<AttemptDraft> = {}): Promise<AttemptId> => {
      const answer = await spending.begin(attempt(changes));
      if (answer.kind !== 'begun') throw new Error(`not begun: ${answer.kind}`);
      return answer.attempt;
    };
    beforeEach(async () => {
      ({ store, database } = await temporaryStore(kind, [SPENDING_MIGRATIONS]));
      clock = manualClock();
      gone.clear();
      spending = open('a');
    });
    afterEach(async () => {
      await spending.close();
      await database.remove();
    });

    test('an attempt has its line before it is sent, and its cost once it is settled', async () => {
      const id = await begun();
      const [line] = (await spending.lines({}, { limit: 5 })).lines;
      expect(line).toMatchObject({ id, outcome: 'open', heldMicroUsd: 12_500, costMicroUsd: 0 });
      const settled = await spending.settle(id, settlement());
      expect(settled).toMatchObject({ outcome: 'ok', costMicroUsd: 3500, priceVersion: 'genai-prices 0.1.8' });
    });

    test('what an attempt has cost is told before it is written, and written before it is read', async () => {
      await spending.setBudget(forAll(1_000_000));
      const id = await begun({ payer: { person: 'ada', product: 'chat', run: 'run-1', key: null } });
      const settled = spending.settle(id, settlement());
      const read = await Promise.all([
        spending.lines({}, { limit: 5 }).then(({ lines }) => lines[0]?.costMicroUsd),
        spending.report('model', {}).then(([row]) => row?.costMicroUsd),
        spending.budgets().then(([budget]) => budget?.spentMicroUsd),
        spending.costOf('run-1'),
        Array.fromAsync(spending.csv({})).then((rows) => rows.join('').includes(',ok,')),
      ]);
      expect(read).toEqual([3500, 3500, 3500, 3500, true]);
      expect((await spending.lines({}, { limit: 5 })).lines).toEqual([await settled]);
    });

    test('a call is not refused for what the one before gives back', async () => {
      await spending.setBudget(forAll(16_000));
      // 12,500 are set aside for each; the first one spends 3,500 of it.
      await spending.settle(await begun(), settlement());
      expect(await spending.begin(attempt())).toMatchObject({ kind: 'begun' });
      expect(await spending.budgets()).toMatchObject([{ spentMicroUsd: 3500, heldMicroUsd: 12_500 }]);
    });

    test('a settlement that could not be written is told of, and its line is found and charged', async () => {
      const troubles: string[] = [];
      let isFull = false;
      const full: Store = {
        dialect: store.dialect,
        read: () => store.read(),
        write: (work, options) => (isFull ? Promise.reject(new Error('full')) : store.write(work, options)),
        sync: () => store.sync(),
        migrate: (lists) => store.migrate(lists),
        onChange: (wake) => store.onChange(wake),
        checkpointer: () => store.checkpointer(),
        close: () => store.close(),
      };
      const here = createSpending({
        store: full,
        clock,
        holder: 'b',
        isGone: () => false,
        onTrouble: (fault) => void troubles.push(fault.why),
      });
      const answer = await here.begin(attempt());
      if (answer.kind !== 'begun') throw new Error('not begun');
      isFull = true;
      expect(await here.settle(answer.attempt, settlement())).toMatchObject({ outcome: 'ok', costMicroUsd: 3500 });
      expect(await here.lines({}, { limit: 5 })).toMatchObject({ lines: [{ outcome: 'open' }] });
      expect(troubles).toHaveLength(1);
      isFull = false;
      await clock.advance(61_000);
      expect(await here.recover()).toBe(1);
      expect(await here.lines({}, { limit: 5 })).toMatchObject({ lines: [{ outcome: 'lost' }] });
      await here.close();
    });

    test('a line that is settled twice is charged once', async () => {
      await spending.setBudget(forAll(1_000_000));
      const id = await begun();
      await spending.settle(id, settlement());
      await spending.settle(id, settlement({ usage: tokens(1000, 1000) }));
      expect(await spending.budgets()).toMatchObject([{ spentMicroUsd: 3500, heldMicroUsd: 0 }]);
    });

    test('what does not fit into a budget is refused with that budget, and leaves no line', async () => {
      await spending.setBudget(forAll(20_000));
      await begun();
      const refused = await spending.begin(attempt());
      expect(refused).toMatchObject({ kind: 'over-budget', neededMicroUsd: 12_500, budget: { heldMicroUsd: 12_500 } });
      expect((await spending.lines({}, { limit: 5 })).lines).toHaveLength(1);
    });

    test('five hundred callers at once never pass a limit', async () => {
      const limit = 1_000_000;
      await spending.setBudget(forAll(limit));
      const other = open('b');
      const answers = await Promise.all(
        Array.from({ length: 500 }, async (_, index) => {
          const mine = index % 2 === 0 ? spending : other;
          const answer = await mine.begin(attempt({ call: `call-${index}` }));
          if (answer.kind === 'begun' && index % 3 === 0) await mine.settle(answer.attempt, settlement());
          return answer.kind;
        }),
      );
      await other.close();
      const [budget] = await spending.budgets();
      expect((budget?.spentMicroUsd ?? 0) + (budget?.heldMicroUsd ?? 0)).toBeLessThanOrEqual(limit);
      expect(answers.filter((kind) => kind === 'begun').length).toBeGreaterThanOrEqual(80);
      expect(answers).toContain('over-budget');
    });

    test('budgets of person, product, run and key each hold by themselves', async () => {
      const payer = { person: 'ada', product: 'chat', run: 'run-1', key: 'key-1' };
      for (const scope of ['person', 'product', 'run', 'key'] as const) {
        const budget = {
          scope,
          subject: payer[scope],
          period: 'total',
          limitMicroUsd: microdollars(12_500),
          note: '',
        } as const;
        const set = await spending.setBudget(budget);
        const first = await begun({ payer });
        expect(await spending.begin(attempt({ payer }))).toMatchObject({ kind: 'over-budget', budget: { scope } });
        expect(await spending.begin(attempt({ payer: { ...payer, [scope]: 'another' } }))).toMatchObject({
          kind: 'begun',
        });
        await spending.settle(first, settlement({ outcome: 'failed', usage: tokens(0, 0) }));
        await spending.removeBudget(set.id);
      }
    });

    test('a day’s budget is whole again on the next day, and yesterday’s answer is still booked to yesterday', async () => {
      await spending.setBudget(forAll(12_500, 'day'));
      const id = await begun();
      await clock.advance(24 * 3600 * 1000);
      expect(await spending.begin(attempt())).toMatchObject({ kind: 'begun' });
      await spending.settle(id, settlement());
      expect(await spending.budgets()).toMatchObject([{ spentMicroUsd: 0, heldMicroUsd: 12_500 }]);
    });

    test('a model without a price is refused until a person sets one', async () => {
      const unknown = { provider: 'openai_compatible', model: 'house-model' };
      expect(await spending.begin(attempt(unknown))).toMatchObject({ kind: 'unpriced', model: 'house-model' });
      const rate = microdollars(1_000_000);
      const tiers = [{ aboveInputTokens: 0, input: rate, output: rate, cacheRead: rate, cacheWrite: rate }] as const;
      await spending.setPrice({ ...unknown, tiers }, 'ada');
      const id = await begun(unknown);
      expect(await spending.settle(id, settlement())).toMatchObject({
        costMicroUsd: 1100,
        priceVersion: 'set 2026-01-01',
      });
    });

    test('a process that died is charged for what it had noted, and what it held is free again', async () => {
      await spending.setBudget(forAll(1_000_000));
      const id = await begun();
      spending.note(id, tokens(1000, 40));
      await clock.advance(1000);
      await expect.poll(async () => (await spending.lines({}, { limit: 1 })).lines[0]?.usage.outputTokens).toBe(40);
      gone.add('a');
      const other = open('b');
      expect(await other.recover()).toBe(1);
      expect(await other.recover()).toBe(0);
      expect(await other.budgets()).toMatchObject([{ spentMicroUsd: 2900, heldMicroUsd: 0 }]);
      expect((await other.lines({}, { limit: 1 })).lines[0]).toMatchObject({ outcome: 'lost', isEstimated: true });
      await other.close();
    });

    test('a process that was only thought dead corrects its line when it is back', async () => {
      await spending.setBudget(forAll(1_000_000));
      const id = await begun();
      gone.add('a');
      const other = open('b');
      await other.recover();
      await other.close();
      expect(await spending.settle(id, settlement())).toMatchObject({ outcome: 'ok', costMicroUsd: 3500 });
      expect(await spending.budgets()).toMatchObject([{ spentMicroUsd: 3500, heldMicroUsd: 0 }]);
    });

    test('usage that is no number counts as nothing, and no line has a negative cost', async () => {
      const id = await begun();
      const usage = { inputTokens: -5, outputTokens: Number.NaN, cacheReadTokens: Infinity, cacheWriteTokens: 0.4 };
      const line = await spending.settle(id, settlement({ usage }));
      expect(line.usage).toEqual({ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 1 });
      expect(line.costMicroUsd).toBeGreaterThanOrEqual(0);
    });

    test('reports by every key sum to the same, and the CSV has every line', async () => {
      for (const person of ['ada', 'ada', '=cmd()']) {
        const payer = { person, product: 'chat', run: 'run-1', key: null };
        await spending.settle(await begun({ payer }), settlement());
        await clock.advance(13 * 3600 * 1000);
      }
      for (const by of ['model', 'provider', 'product', 'person', 'day', 'key', 'run', 'leg'] as const) {
        const rows = await spending.report(by, {});
        expect(rows.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)).toBe(10_500);
        expect(rows.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(3);
      }
      expect((await spending.report('day', {})).map(({ group }) => group)).toEqual(['2026-01-02', '2026-01-01']);
      expect(await spending.costOf('run-1')).toBe(10_500);
      const csv = (await Array.fromAsync(spending.csv({}))).join('');
      expect(csv.split('\r\n')).toHaveLength(5);
      expect(csv).toContain(",'=cmd(),");
      expect(await spending.report('model', { person: 'ada', until: instant(clock.now()) })).toMatchObject([
        { attempts: 2 },
      ]);
    });

    test('pages of the ledger lose and repeat nothing', async () => {
      for (let index = 0; index < 7; index += 1) await begun({ call: `call-${index}` });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await spending.lines({}, cursor === undefined ? { limit: 3 } : { limit: 3, cursor });
        seen.push(...page.lines.map(({ call }) => call));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      expect(seen.toSorted()).toEqual(['call-0', 'call-1', 'call-2', 'call-3', 'call-4', 'call-5', 'call-6']);
      await expect(spending.lines({}, { limit: 3, cursor: 'x' })).rejects.toMatchObject({
        code: 'SPENDING_CURSOR_WRONG',
      });
    });

    test('whatever happens in whatever order, the budget is the sum of its lines', async () => {
      const step = fc.oneof(
        fc.record({ do: fc.constant('begin' as const), input: fc.nat(5000), output: fc.nat(5000) }),
        fc.record({ do: fc.constant('settle' as const), which: fc.nat(9), output: fc.nat(5000) }),
        fc.record({ do: fc.constant('lose' as const) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const subject = crypto.randomUUID();
          const payer = { person: subject, product: 'chat', run: null, key: null };
          const set = {
            scope: 'person',
            subject,
            period: 'total',
            limitMicroUsd: microdollars(100_000),
            note: '',
          } as const;
          const { id } = await spending.setBudget(set);
          const ids: AttemptId[] = [];
          for (const each of steps) {
            if (each.do === 'begin') {
              const answer = await spending.begin(attempt({ payer, worstCase: tokens(each.input, each.output) }));
              if (answer.kind === 'begun') ids.push(answer.attempt);
            } else if (each.do === 'settle' && ids.length > 0) {
              const which = ids[each.which % ids.length];
              if (which !== undefined)
                await spending.settle(which, settlement({ usage: tokens(0, Math.min(each.output, 1)) }));
            } else if (each.do === 'lose') {
              const other = open('c');
              gone.add('a');
              await other.recover();
              gone.delete('a');
              await other.close();
            }
          }
          const budget = (await spending.budgets()).find((each) => each.id === id);
          const { lines } = await spending.lines({ person: subject }, { limit: 200 });
          const held = lines
            .filter(({ outcome }) => outcome === 'open')
            .reduce((sum, line) => sum + line.heldMicroUsd, 0);
          const spent = lines.reduce((sum, line) => sum + line.costMicroUsd, 0);
          expect(budget).toMatchObject({ spentMicroUsd: spent, heldMicroUsd: held });
          expect(spent + held).toBeLessThanOrEqual(100_000);
        }),
        { numRuns: 25 },
      );
    });

    test('a budget or a price that makes no sense is refused', async () => {
      const wrong = [
        { ...forAll(-1) },
        { ...forAll(1), subject: 'ada' },
        { ...forAll(1), scope: 'person', subject: '' },
        { ...forAll(1), period: 'year' as 'day' },
      ] as const;
      for (const budget of wrong)
        await expect(spending.setBudget(budget)).rejects.toMatchObject({ code: 'SPENDING_BUDGET_WRONG' });
      const rate = microdollars(1);
      const tier = { aboveInputTokens: 0, input: rate, output: rate, cacheRead: rate, cacheWrite: rate };
      const prices = [
        { provider: ' ', model: 'm', tiers: [tier] },
        { provider: 'p', model: 'm', tiers: [{ ...tier, aboveInputTokens: 5 }] },
        { provider: 'p', model: 'm', tiers: [{ ...tier, input: -1 as typeof rate }] },
      ] as const;
      for (const price of prices)
        await expect(spending.setPrice(price, 'ada')).rejects.toMatchObject({ code: 'SPENDING_PRICE_WRONG' });
    });

    test('nothing new begins while it closes, and what was begun is still settled', async () => {
      const id = await begun();
      await spending.close();
      await expect(spending.begin(attempt())).rejects.toMatchObject({ code: 'SPENDING_CLOSED' });
      expect(await spending.settle(id, settlement())).toMatchObject({ outcome: 'ok' });
      await expect(spending.settle('0000000000000000' as AttemptId, settlement())).rejects.toMatchObject({
        code: 'SPENDING_ATTEMPT_UNKNOWN',
      });
    });
  });
}

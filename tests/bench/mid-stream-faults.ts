// Breaks answers in the middle, in every way providers do, and looks whether their reader sees a gap or a repeat.
// Real wire fakes on loopback, the real router, three protocols, a real ledger. The models that go on begin in the ways
// that models do: with the last words as they are asked to, with all of it anew, with an introduction, or at the next
// character. The pause is from the moment the fault is noticed: how soon a stall is noticed is a setting (here 100 ms).

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { Secret, systemClock } from 'kernel/basics';
import { answerNotesOf, createModels, sourceChangeOf, type Caller, type Models, type Provider } from 'kernel/models';
import { createSpending, SPENDING_MIGRATIONS } from 'kernel/spending';
import { openStore, sqliteUrl } from 'kernel/store';
import { startWireFake, type WireBehaviour, type WireFault, type WireRequest } from 'kernel/wire-fakes';

import { inFolder } from './measuring/programs.ts';
import { note, quantile, report, rounds } from './measuring/report.ts';

const FAULTS = rounds(10_000);
/** Of one person's workbench; all of them share the cores with the fakes. */
const AT_ONCE = 8;
const STALL_MS = 100;
/** So that the whole ends: an answer whose every attempt is broken is given up before. */
const BROKEN_TWICE = 0.1;

const HOWS = ['drop', 'error-event', 'stall', '429', '529'] as const;
type How = (typeof HOWS)[number];
const STYLES = ['last words', 'all anew', 'introduced', 'next character'] as const;
type Style = (typeof STYLES)[number];

const PROVIDERS: readonly { readonly provider: Provider; readonly model: string }[] = [
  { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  { provider: 'openai', model: 'gpt-4o' },
  { provider: 'gemini', model: 'gemini-2.5-flash' },
];

const CALLER: Caller = {
  person: 'bench',
  product: 'bench',
  run: null,
  key: null,
  audience: 'bench',
  toolsAreHarmless: true,
};

/** Numbers from a seed, so that a run can be repeated. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const WORDS =
  'the a river stone light under over near far old new quick slow house window tree morning evening always never perhaps naïve Größe 大きな 😀 x=1; {"a":1} `code` ends. begins, why? No! and so on'.split(
    ' ',
  );

interface Case {
  readonly text: string;
  readonly how: How;
  readonly style: Style;
  /** After how many pieces each attempt breaks; those after them are whole. */
  readonly cuts: readonly number[];
  met: number;
}

function madeCase(index: number): Case {
  const random = seeded(index);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];
  const words = Array.from({ length: 12 + Math.floor(random() * 60) }, (_, at) => {
    const word = WORDS[Math.floor(random() * WORDS.length)] ?? 'the';
    return at > 0 && at % 17 === 0 ? `\n\n- ${word}` : at === 0 ? word : ` ${word}`;
  });
  const cut = (): number => 1 + Math.floor(random() * (words.length * 2));
  return {
    text: words.join(''),
    how: pick(HOWS),
    style: random() < 0.7 ? 'last words' : pick(STYLES),
    cuts: random() < BROKEN_TWICE ? [cut(), 1 + Math.floor(random() * 10)] : [cut()],
    met: 0,
  };
}

/** Pieces as models send them: bits of words, not words. */
const piecesOf = (text: string): readonly string[] => text.match(/[\s\S]{1,3}/gu) ?? [];

function answerFor(made: Case, request: WireRequest): WireBehaviour {
  const anchor = /<last-words>([\s\S]*)<\/last-words>/.exec(request.text)?.[1];
  const pieces = piecesOf(anchor === undefined ? made.text : continuation(made, request, anchor));
  const cut = made.cuts[made.met];
  made.met += 1;
  if (cut === undefined) return { kind: 'answer', pieces };
  const isBefore = made.how === '429' || made.how === '529';
  if (isBefore && cut % 3 === 0) {
    return { kind: 'status', status: Number(made.how), headers: { 'retry-after-ms': '1' } };
  }
  return { kind: 'answer', pieces, fault: { how: EVENTS[made.how], afterPieces: Math.min(cut, pieces.length - 1) } };
}

const EVENTS: Readonly<Record<How, WireFault['how']>> = {
  drop: 'drop',
  'error-event': 'error-event',
  stall: 'stall',
  '429': 'rate-limit-event',
  '529': 'overloaded-event',
};

function continuation({ text, style }: Case, { said }: WireRequest, anchor: string): string {
  const fromAnchor = text.slice(said.trimEnd().length - anchor.length);
  switch (style) {
    case 'last words':
      return fromAnchor;
    case 'all anew':
      return text;
    case 'introduced':
      return `Sure, continuing from where I left off:\n\n${fromAnchor}`;
    case 'next character':
      return text.slice(said.length);
  }
}

interface Result {
  readonly isWhole: boolean;
  readonly call: string;
  /** When the first words of each continuation came. */
  readonly resumedAtMs: readonly number[];
}

async function asked(models: Models, made: Case, name: string): Promise<Result> {
  const model = models.model('auto', CALLER);
  if (model === undefined) throw new Error('auto is always there.');
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: name }] }];
  let text = '';
  let call = '';
  let hasFailed = false;
  let hasChanged = false;
  const resumedAtMs: number[] = [];
  try {
    const { stream } = await model.doStream({ prompt, maxOutputTokens: 1000 });
    for await (const part of stream) {
      hasChanged ||= sourceChangeOf(part) !== undefined;
      hasFailed ||= part.type === 'error';
      call = answerNotesOf(part)?.call ?? call;
      if (part.type !== 'text-delta') continue;
      text += part.delta;
      if (hasChanged) resumedAtMs.push(performance.now());
      hasChanged = false;
    }
  } catch (error) {
    note(`${made.how}, ${made.style}: ${error instanceof Error ? error.message : String(error)}`);
    hasFailed = true;
  }
  return { isWhole: !hasFailed && text === made.text, call, resumedAtMs };
}

/** When the router noticed each fault, by call. */
class Noticed {
  readonly #atMs = new Map<string, number[]>();

  warn(event: string, fields: Readonly<Record<string, unknown>>): void {
    const { call } = fields;
    if (event !== 'attempt-failed' || typeof call !== 'string') return;
    this.#atMs.set(call, [...(this.#atMs.get(call) ?? []), performance.now()]);
  }

  pauses({ call, resumedAtMs }: Result): readonly number[] {
    const noticedAtMs = this.#atMs.get(call) ?? [];
    this.#atMs.delete(call);
    return resumedAtMs.flatMap((atMs) => {
      const before = noticedAtMs.findLast((noticed) => noticed <= atMs);
      return before === undefined ? [] : [atMs - before];
    });
  }
}

/** Everything as in the workbench but the screens: a store, a ledger, the router, and the providers on loopback. */
async function opened(folder: string, cases: ReadonlyMap<string, Case>, noticed: Noticed) {
  mkdirSync(join(folder, 'home'));
  const store = await openStore(sqliteUrl(join(folder, 'home', 'tandem.db')));
  await store.migrate([SPENDING_MIGRATIONS]);
  const spending = createSpending({ store, clock: systemClock, holder: 'bench', isGone: () => false });
  const fake = await startWireFake((request) => {
    const made = cases.get(/case-\d+/.exec(request.prompt)?.[0] ?? '');
    return made === undefined ? { kind: 'status', status: 400 } : answerFor(made, request);
  });
  const settings = PROVIDERS.map(({ provider, model }) => ({
    provider,
    model,
    keys: ['one', 'two'].map((key) => new Secret(`bench-${provider}-${key}`)),
    baseUrl: provider === 'gemini' ? fake.geminiUrl : fake.url,
  }));
  const targets = PROVIDERS.map(({ provider, model }) => ({ model: `${provider}/${model}`, weight: 1 }));
  const models = createModels({
    settings,
    routes: [{ name: 'auto', policy: 'weighted', targets, options: {} }],
    spending,
    clock: systemClock,
    // Half of all calls fail here; a leg that is left alone would be asked nothing.
    limits: { stallMs: STALL_MS, firstTokenMs: 20 * STALL_MS, breakerFailures: Infinity, coolingMs: 2 },
    log: noticed,
  });
  return {
    models,
    async close() {
      const rows = await spending.report('leg', {});
      const attempts = rows.reduce((sum, row) => sum + row.attempts, 0);
      const requests = fake.requestCount;
      await models.close();
      await spending.close();
      await fake.close();
      await store.close();
      return { attempts, requests };
    },
  };
}

await inFolder(async (folder) => {
  const cases = new Map<string, Case>();
  const noticed = new Noticed();
  const bench = await opened(folder, cases, noticed);
  const pausesMs: number[] = [];
  const broken: Record<string, number> = {};
  let [whole, injected, done, next] = [0, 0, 0, 0];
  const worker = async (): Promise<void> => {
    while (injected < FAULTS) {
      const name = `case-${(next += 1)}`;
      const made = madeCase(next);
      injected += made.cuts.length;
      cases.set(name, made);
      const result = await asked(bench.models, made, name);
      cases.delete(name);
      done += 1;
      const way = `${made.how}, ${made.style}`;
      if (result.isWhole) whole += 1;
      else broken[way] = (broken[way] ?? 0) + 1;
      pausesMs.push(...noticed.pauses(result));
      if (done % 2000 === 0) note(`${done} answers, ${whole} whole`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { attempts, requests } = await bench.close();
  report(
    'mid-stream-faults',
    [
      { what: `answers with a gap or a repeat, of ${done} with ${injected} faults`, value: done - whole, unit: '' },
      { what: 'share without', value: whole / done, unit: '' },
      {
        what: 'requests at the providers without a line in the ledger',
        value: Math.max(0, requests - attempts),
        unit: '',
      },
      { what: 'added pause after the fault is noticed, p50', value: quantile(pausesMs), unit: 'ms' },
      { what: 'added pause after the fault is noticed, p99', value: quantile(pausesMs, 0.99), unit: 'ms' },
    ],
    { broken },
  );
});

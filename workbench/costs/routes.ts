// The ledger over HTTP: reports, lines, CSV, budgets, prices, and what it will come to.
// Rule: an owner sees everything; everybody else sees what they themselves have spent.

import { Hono } from 'hono';
import * as z from 'zod/mini';

import { instant, microdollars, toIso, type Clock, type Instant } from 'kernel/basics';
import { PageQuery, validated } from 'kernel/http';
import type { LedgerLine, LineFilter, PriceAnswer, Spending, Budget as KeptBudget } from 'kernel/spending';

import type { Who } from '../people/who.ts';
import {
  Budget,
  BudgetDraft,
  Budgets,
  COST_KEYS,
  CostLines,
  CostReport,
  Forecast,
  PriceDraft,
  PriceShown,
  type CostLine,
} from '../protocol/index.ts';
import { authorize, personOf, type ServerEnv } from '../server/context.ts';
import { described } from '../server/openapi.ts';
import { forecastOf } from './forecast.ts';

export interface CostPorts {
  readonly spending: Spending;
  readonly clock: Clock;
}

const tag = 'Costs';
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
const Filter = z.object({
  /** Days of UTC; until is not included. */
  from: z.optional(day),
  until: z.optional(day),
  product: z.optional(z.string()),
  provider: z.optional(z.string()),
  model: z.optional(z.string()),
  run: z.optional(z.string()),
  key: z.optional(z.string()),
  person: z.optional(z.string()),
});
const ReportQuery = z.extend(Filter, { by: z._default(z.enum(COST_KEYS), 'model') });
const LinesQuery = z.extend(Filter, PageQuery.shape);
const PriceQuery = z.object({ provider: z.string(), model: z.string() });
const FORECAST_DAYS = 40;

export function costRoutes(ports: CostPorts): Hono<ServerEnv> {
  const routes = new Hono<ServerEnv>();
  routes.use(authorize('owner', 'member'));
  addReports(routes, ports);
  addBudgets(routes, ports);
  addPrices(routes, ports);
  return routes;
}

const momentOf = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : instant(Date.parse(`${text}T00:00:00Z`));

function filterOf(who: Who, { from, until, person, ...rest }: z.infer<typeof Filter>): LineFilter {
  const named = Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => NAMED.includes(name) && value !== undefined),
  );
  const start = momentOf(from);
  const end = momentOf(until);
  const whose = who.role === 'owner' ? person : who.id;
  return {
    ...named,
    ...(start === undefined ? {} : { from: start }),
    ...(end === undefined ? {} : { until: end }),
    ...(whose === undefined ? {} : { person: whose }),
  };
}
const NAMED = ['product', 'provider', 'model', 'run', 'key'];

function addReports(routes: Hono<ServerEnv>, { spending, clock }: CostPorts): void {
  routes.get(
    '/report',
    described({
      summary: 'What was spent, by model, provider, product, person, day, key, run or leg',
      tag,
      answer: CostReport,
    }),
    validated('query', ReportQuery),
    async (context) => {
      const { by, ...filter } = context.req.valid('query');
      const rows = await spending.report(by, filterOf(personOf(context), filter));
      return context.json({ by, rows, totalMicroUsd: rows.reduce((sum, row) => sum + row.costMicroUsd, 0) });
    },
  );
  routes.get(
    '/lines',
    described({ summary: 'Every attempt, the newest first', tag, answer: CostLines }),
    validated('query', LinesQuery),
    async (context) => {
      const { limit, cursor, ...filter } = context.req.valid('query');
      const page = { limit, ...(cursor === undefined ? {} : { cursor }) };
      const { lines, nextCursor } = await spending.lines(filterOf(personOf(context), filter), page);
      return context.json({ lines: lines.map(lineShown), nextCursor });
    },
  );
  routes.get(
    '/csv',
    described({ summary: 'Every attempt as CSV', tag, media: 'text/csv' }),
    validated('query', Filter),
    (context) => {
      const lines = ReadableStream.from(spending.csv(filterOf(personOf(context), context.req.valid('query'))));
      return new Response(lines.pipeThrough(new TextEncoderStream()), {
        headers: {
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="tandem-costs.csv"',
        },
      });
    },
  );
  routes.get('/forecast', described({ summary: 'What it will come to', tag, answer: Forecast }), async (context) => {
    const now = clock.now();
    const from = instant(now - FORECAST_DAYS * 86_400_000);
    const who = personOf(context);
    const rows = await spending.report('day', { from, ...(who.role === 'owner' ? {} : { person: who.id }) });
    const days = new Map(rows.map(({ group, costMicroUsd }) => [group, costMicroUsd]));
    return context.json(forecastOf(days, await spending.budgets(), now));
  });
}

const lineShown = (line: LedgerLine): CostLine => ({ ...line, at: toIso(line.at) });
const budgetShown = (budget: KeptBudget) => ({ ...budget, createdAt: toIso(budget.createdAt) });

function addBudgets(routes: Hono<ServerEnv>, { spending }: CostPorts): void {
  routes.get('/budgets', described({ summary: 'The budgets', tag, answer: Budgets }), async (context) => {
    const { id, role } = personOf(context);
    const all = await spending.budgets();
    const seen = role === 'owner' ? all : all.filter(({ scope, subject }) => scope === 'person' && subject === id);
    return context.json({ budgets: seen.map(budgetShown) });
  });
  routes.put(
    '/budgets',
    described({ summary: 'Sets a budget, or changes its limit', tag, answer: Budget }),
    authorize('owner'),
    validated('json', BudgetDraft),
    async (context) => {
      const draft = context.req.valid('json');
      const set = await spending.setBudget({ ...draft, limitMicroUsd: microdollars(draft.limitMicroUsd) });
      return context.json(budgetShown(set));
    },
  );
  routes.delete(
    '/budgets/:id',
    described({ summary: 'Removes a budget', tag }),
    authorize('owner'),
    async (context) => {
      await spending.removeBudget(context.req.param('id') as KeptBudget['id']);
      return context.body(null, 204);
    },
  );
}

function addPrices(routes: Hono<ServerEnv>, { spending }: CostPorts): void {
  routes.get(
    '/price',
    described({ summary: 'What a model costs, and where that was read', tag, answer: PriceShown }),
    validated('query', PriceQuery),
    async (context) => {
      const { provider, model } = context.req.valid('query');
      return context.json(priceShown(await spending.priceOf(provider, model)));
    },
  );
  routes.put(
    '/price',
    described({ summary: 'Sets the price of a model', tag, answer: PriceShown }),
    authorize('owner'),
    validated('json', PriceDraft),
    async (context) => {
      const { provider, model, inputUsd, outputUsd } = context.req.valid('json');
      const input = microdollars(inputUsd * 1_000_000);
      const output = microdollars(outputUsd * 1_000_000);
      const tier = { aboveInputTokens: 0, input, output, cacheRead: input, cacheWrite: input };
      await spending.setPrice({ provider, model, tiers: [tier] }, personOf(context).name);
      return context.json(priceShown(await spending.priceOf(provider, model)));
    },
  );
}

function priceShown(answer: PriceAnswer): PriceShown {
  if (answer.kind === 'unpriced') {
    return { kind: 'unpriced', inputUsd: null, outputUsd: null, version: null, source: answer.why };
  }
  const tier = answer.price?.tiers[0];
  return {
    kind: answer.kind,
    inputUsd: tier === undefined ? null : tier.input / 1_000_000,
    outputUsd: tier === undefined ? null : tier.output / 1_000_000,
    version: answer.price?.version ?? null,
    source: answer.kind === 'retired' ? answer.source : answer.price.source,
  };
}

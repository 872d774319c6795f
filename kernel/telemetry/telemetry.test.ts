import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { Fault, manualClock, Secret } from '../basics/index.ts';
import { inContext } from './context.ts';
import { createHealth, liveOf } from './health.ts';
import { createLog, type LogLevel } from './log.ts';
import { createMetrics } from './metrics.ts';

function logged(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, output: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? 'null') as Record<string, unknown> };
}

test('an event is one line of JSON with its name, level, moment and fields', () => {
  const { log, lines, last } = logged();
  log.with({ server: 'a' }).info('run-started', { run: 'x', steps: 3 });
  expect(lines).toHaveLength(1);
  expect(last()).toMatchObject({ level: 'info', event: 'run-started', server: 'a', run: 'x', steps: 3 });
  expect(String(last()['time'])).toMatch(/^\d{4}-.*Z$/);
});

test('levels below the chosen one are not written', () => {
  const { log, lines } = logged('warn');
  log.debug('a');
  log.info('b');
  log.warn('c');
  log.error('d');
  expect(lines).toHaveLength(2);
});

test('a line carries the request and the run it belongs to, through every await', async () => {
  const { log, last } = logged();
  await inContext({ request: 'r1' }, () =>
    inContext({ run: 'x1' }, async () => {
      await Promise.resolve();
      log.info('noted');
    }),
  );
  expect(last()).toMatchObject({ request: 'r1', run: 'x1' });
  log.info('noted');
  expect(last()).not.toHaveProperty('run');
});

test('fields named as secrets are masked at any depth, whatever their value', () => {
  const { log, lines } = logged();
  const names = ['authorization', 'Cookie', 'password', 'apiKey', 'api_key', 'access_token', 'clientSecret'];
  for (const name of names) log.info('noted', { deep: { deeper: [{ [name]: 'hunter22' }] }, [name]: ['hunter22'] });
  expect(lines.join('')).not.toContain('hunter22');
});

test('a fault is logged with its code and its cause', () => {
  const { log, last } = logged();
  const fault = new Fault('X_BROKE', {
    what: 'X broke.',
    why: 'It fell.',
    next: 'Mend it.',
    cause: new Error('gravity'),
  });
  log.error('failed', { error: fault });
  expect(last()['error']).toMatchObject({ code: 'X_BROKE', message: 'X broke. It fell. Mend it.' });
  expect(JSON.stringify(last())).toContain('gravity');
});

test('a circular, huge or strange field breaks no line', () => {
  const { log, lines, last } = logged();
  const circular: Record<string, unknown> = {};
  circular['itself'] = circular;
  log.info('noted', { circular, big: 10n, text: 'x'.repeat(100_000), list: Array.from({ length: 1000 }, () => 1) });
  expect(last()).toMatchObject({ event: 'noted', big: '10' });
  expect(lines.at(-1)?.length).toBeLessThan(10_000);
});

test('no planted secret reaches the log or the metrics, wherever it was put', async () => {
  const places = fc.constantFrom('event', 'field', 'nested', 'error', 'stack', 'secret', 'context', 'url');
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 8, maxLength: 40, unit: 'binary-ascii' }), places, async (noise, place) => {
      const value = `S3cret-${noise}-end`;
      const secret = new Secret(value);
      const { log, lines } = logged();
      const write: Record<string, () => void> = {
        event: () => log.info(`called with ${value}`),
        field: () => log.info('noted', { output: `npm said ${value}` }),
        nested: () => log.info('noted', { a: { b: [{ c: value }] } }),
        error: () => log.error('failed', { error: new Error(`bad key ${value}`) }),
        stack: () =>
          log.error('failed', { error: new Fault('A_B', { what: value, why: 'b', next: 'c', cause: value }) }),
        secret: () => log.info('noted', { secret, inText: `${secret}` }),
        context: () => inContext({ request: value }, () => log.info('noted')),
        url: () => log.info('noted', { url: `https://x/?k=${encodeURIComponent(value)}` }),
      };
      write[place]?.();
      const metrics = createMetrics();
      metrics.counter('calls_total', 'Calls.', ['key']).inc({ key: value });
      const everything = `${lines.join('')}${await metrics.text()}`;
      expect(everything).not.toContain(value);
      expect(everything).not.toContain(JSON.stringify(value).slice(1, -1));
      expect(everything).not.toContain(encodeURIComponent(value));
    }),
    { numRuns: 60 },
  );
});

test('metrics are told in the words of Prometheus', async () => {
  const metrics = createMetrics();
  metrics.counter('runs_total', 'Runs.', ['product']).inc({ product: 'modernizer' });
  metrics.gauge('open', 'Open.').set(2);
  metrics.histogram('took_seconds', 'Took.').observe(0.3);
  const text = await metrics.text();
  expect(text).toContain('runs_total{product="modernizer"} 1');
  expect(text).toMatch(/tandem_process_cpu/);
});

test('a process whose event loop is behind is not live', () => {
  expect(liveOf(3).ok).toBe(true);
  expect(liveOf(5000)).toMatchObject({ ok: false, checks: [{ detail: '5000 ms behind' }] });
});

test('ready asks everything, and what does not answer in time counts as broken', async () => {
  const clock = manualClock();
  const health = createHealth(clock, {
    store: () => Promise.resolve('sqlite'),
    broken: () => Promise.reject(new Error('no')),
    silent: () => new Promise(() => undefined),
  });
  const asking = health.ready();
  await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(2000);
  const { ok, checks } = await asking;
  health.close();
  expect(ok).toBe(false);
  expect(checks.map((check) => [check.name, check.ok])).toEqual([
    ['store', true],
    ['broken', false],
    ['silent', false],
  ]);
});

// Numbers about this process, in Prometheus' text form at /metrics.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { scrub } from '../basics/index.ts';

export interface Metrics {
  readonly contentType: string;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  /** Buckets in seconds, as Prometheus wants them. */
  histogram(name: string, help: string, labels?: readonly string[], bucketsSeconds?: readonly number[]): Histogram;
  text(): Promise<string>;
}

/** From a fast answer on loopback to a long poll. */
const BUCKETS_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600];

/** A registry of its own, so that two servers in one test don't count together. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'tandem_' });
  const registers = [registry];
  return {
    contentType: registry.contentType,
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers }),
    gauge: (name, help, labels = []) => new Gauge({ name, help, labelNames: [...labels], registers }),
    histogram: (name, help, labels = [], buckets = BUCKETS_SECONDS) =>
      new Histogram({ name, help, labelNames: [...labels], buckets: [...buckets], registers }),
    text: async () => scrub(await registry.metrics()),
  };
}

export { currentContext, inContext, type Context } from './context.ts';
export { createHealth, type Check, type Health, type HealthWatch, type Probe } from './health.ts';
export { createLog, type Log, type LogLevel, type LogOptions } from './log.ts';
export { createMetrics, type Metrics } from './metrics.ts';

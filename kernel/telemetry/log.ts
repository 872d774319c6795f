// The structured log: one JSON line for each event, on standard error; coloured for people on a terminal.
// Rule: every line is scrubbed by value before it leaves, whoever wrote it, and fields whose name says that they hold
// a secret are masked at any depth. An event has a fixed name; what varies is in its fields.

import { createRequire } from 'node:module';

import { pino, type Logger } from 'pino';

import { Fault, scrub } from '../basics/index.ts';
import { currentContext } from './context.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';
type Fields = Readonly<Record<string, unknown>>;

export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
  /** The same log with these fields on every line. */
  with(fields: Fields): Log;
}

export interface LogOptions {
  readonly level?: LogLevel;
  /** Where lines go; standard error by default. */
  readonly output?: { write(line: string): unknown };
  /** Coloured and short, for people; by default where standard error is a terminal. */
  readonly pretty?: boolean;
}

const MASKED = '[masked]';
const SECRET_NAME =
  /^(authorization|proxy-?authorization|cookie|set-?cookie|passw(or)?d|passphrase|secret|client_?secret|token|(access|refresh|id|api|auth|bearer)[_-]?(token|key)|api[_-]?keys?|private[_-]?key|credentials?)$/i;
/** Deeper objects are cut off: a log line is no place for whole trees. */
const DEPTH_MAX = 6;
const ITEMS_MAX = 50;
const TEXT_LENGTH_MAX = 8000;

export function createLog(options: LogOptions = {}): Log {
  const output = options.output ?? process.stderr;
  const isPretty = options.pretty ?? (options.output === undefined && process.stderr.isTTY);
  const lines = isPretty ? prettyInto(output) : output;
  const logger = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'event',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: (fields) => Object(masked(fields, 0)) },
      mixin: () => ({ ...currentContext() }),
    },
    { write: (line: string) => void lines.write(scrub(line)) },
  );
  return logOn(logger);
}

const logOn = (logger: Logger): Log => ({
  debug: (event, fields = {}) => logger.debug(fields, event),
  info: (event, fields = {}) => logger.info(fields, event),
  warn: (event, fields = {}) => logger.warn(fields, event),
  error: (event, fields = {}) => logger.error(fields, event),
  with: (fields) => logOn(logger.child(Object(masked(fields, 0)))),
});

/** The value as it may be logged: secrets by name masked, errors as their parts, everything bounded. */
function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > TEXT_LENGTH_MAX ? `${value.slice(0, TEXT_LENGTH_MAX)}…` : value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return masked(partsOf(value), depth);
  if ('toJSON' in value && typeof value.toJSON === 'function') return value.toJSON();
  if (depth >= DEPTH_MAX) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, ITEMS_MAX).map((item) => masked(item, depth + 1));
  const entries = Object.entries(value).slice(0, ITEMS_MAX);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, SECRET_NAME.test(name) ? MASKED : masked(item, depth + 1)]),
  );
}

const partsOf = (error: Error): object => ({
  ...(error instanceof Fault ? { code: error.code, about: error.about } : { name: error.name }),
  message: error.message,
  stack: error.stack,
  ...(error.cause === undefined ? {} : { cause: error.cause }),
});

/** Loaded only for people at a terminal. */
function prettyInto(destination: { write(line: string): unknown }): { write(line: string): unknown } {
  const pretty = createRequire(import.meta.url)('pino-pretty') as (options: object) => { write(line: string): unknown };
  return pretty({ destination, messageKey: 'event', translateTime: 'HH:MM:ss', ignore: 'pid,hostname', sync: true });
}

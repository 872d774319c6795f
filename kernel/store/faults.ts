// The faults of the store: a database that is locked, full, read-only, damaged, out of reach or too new.
// Rule: one small function for each code, and never a password: database urls go through `maskedUrl`.

import { Fault } from '../basics/index.ts';

const about = { kind: 'unavailable', service: 'store' } as const;

export const storeUrlWrong = (url: string): Fault =>
  new Fault('STORE_URL_WRONG', {
    what: `${maskedUrl(url)} names no database.`,
    why: 'A database url begins with sqlite:///, postgres:// or postgresql://.',
    next: 'Set DATABASE_URL to sqlite:///absolute/path/to/file.db or postgres://user@host/database.',
    about: { kind: 'wrong-use' },
  });

export const storeCannotOpen = (place: string, cause: unknown): Fault =>
  new Fault('STORE_CANNOT_OPEN', {
    what: `The database ${place} could not be opened.`,
    why: reasonOf(cause),
    next: 'Check that its folder exists and that you may write there, or set TANDEM_HOME to another folder.',
    about,
    cause,
  });

export const storeUnreachable = (place: string, cause: unknown): Fault =>
  new Fault('STORE_UNREACHABLE', {
    what: `The database ${place} does not answer.`,
    why: reasonOf(cause),
    next: 'Start the database server, or correct DATABASE_URL.',
    about,
    cause,
  });

export const storeRefused = (place: string, cause: unknown): Fault =>
  new Fault('STORE_REFUSED', {
    what: `The database ${place} refused the connection.`,
    why: reasonOf(cause),
    next: 'Correct the user, the password or the database name in DATABASE_URL.',
    about,
    cause,
  });

export const storeLocked = (place: string, cause: unknown): Fault =>
  new Fault('STORE_LOCKED', {
    what: `Nothing could be written to the database ${place}.`,
    why: 'Another process kept its write lock for too long.',
    next: 'Look for a stopped or stuck tandem process with ps, end it, and try again.',
    about,
    cause,
  });

export const storeFull = (place: string, cause: unknown): Fault =>
  new Fault('STORE_FULL', {
    what: `Nothing more could be written to the database ${place}.`,
    why: 'The disk is full.',
    next: 'Free some disk space and try again; what was acknowledged before is safe.',
    about,
    cause,
  });

export const storeReadOnly = (place: string, cause: unknown): Fault =>
  new Fault('STORE_READ_ONLY', {
    what: `Nothing can be written to the database ${place}.`,
    why: 'The file or its folder is read-only for this user.',
    next: 'Give yourself write access to the folder, or set TANDEM_HOME to another one.',
    about,
    cause,
  });

export const storeCorrupt = (place: string, cause: unknown): Fault =>
  new Fault('STORE_CORRUPT', {
    what: `The database ${place} cannot be read.`,
    why: 'The file is damaged or is no SQLite database.',
    next: 'Move the file away and restore it from a backup; Tandem makes a new one where none is.',
    about,
    cause,
  });

export const storeBroken = (place: string, cause: unknown): Fault =>
  new Fault('STORE_INPUT_OUTPUT', {
    what: `The disk under the database ${place} reported an error.`,
    why: reasonOf(cause),
    next: 'Check the disk and the file system with the tools of this machine, then try again.',
    about,
    cause,
  });

export const storeNewer = (product: string, migration: string): Fault =>
  new Fault('STORE_NEWER', {
    what: 'This database was written by a newer Tandem.',
    why: `It records the migration ${migration} of ${product}, which this version does not know.`,
    next: 'Update Tandem, or point DATABASE_URL or TANDEM_HOME at another database.',
    about: { kind: 'conflict' },
  });

export const migrationFailed = (product: string, migration: string, cause: unknown): Fault =>
  new Fault('STORE_MIGRATION_FAILED', {
    what: `The migration ${migration} of ${product} failed and was taken back.`,
    why: reasonOf(cause),
    next: 'Run tandem doctor and report what it prints; the database is as it was before.',
    about,
    cause,
  });

export const writeInsideWrite = (): Fault =>
  new Fault('STORE_NESTED_WRITE', {
    what: 'A write was begun inside another write.',
    why: 'Writes take turns, so the inner one would wait for ever for the outer one.',
    next: 'This is a mistake in Tandem: the work given to write must use the transaction it was handed.',
  });

export const tooManyWrites = (limit: number): Fault =>
  new Fault('STORE_OVERLOADED', {
    what: 'A write was turned away.',
    why: `${limit} others are waiting for their turn already.`,
    next: 'Try again in a moment; if it stays so, run tandem doctor and look at the disk.',
    about: { kind: 'limit', retryAfterMs: 1000 },
  });

export const storeClosed = (): Fault =>
  new Fault('STORE_CLOSED', {
    what: 'The database was asked for after it had been closed.',
    why: 'This process is shutting down.',
    next: 'Start Tandem again and repeat what you did.',
    about,
  });

/** The url without its password. */
export function maskedUrl(url: string): string {
  return url.replace(/:\/\/([^/@:]*):[^@/]*@/, '://$1:…@').replace(/([?&](?:password|sslpassword)=)[^&]*/gi, '$1…');
}

const reasonOf = (cause: unknown): string => {
  const message = cause instanceof Error ? cause.message || errorsOf(cause) : String(cause);
  const sentence = message === '' ? 'No reason was given' : message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
};

/** A failed connection to a name with several addresses is an AggregateError without a message of its own. */
const errorsOf = (cause: Error): string =>
  cause instanceof AggregateError ? cause.errors.map((error) => String(error.message ?? error)).join('; ') : '';

export const cacheValueTooLarge = (key: string, length: number, lengthMax: number): Fault =>
  new Fault('CACHE_VALUE_TOO_LARGE', {
    what: `The answer for ${JSON.stringify(key.slice(0, 80))} was not kept.`,
    why: `It has ${length} characters, and ${lengthMax} is the most.`,
    next: 'Keep a smaller part of it, or compute it each time.',
  });

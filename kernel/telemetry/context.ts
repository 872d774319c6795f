// What a line of the log belongs to, carried along by the calls that lead to it: a request, a run.

import { AsyncLocalStorage } from 'node:async_hooks';

export interface Context {
  readonly request?: string;
  readonly run?: string;
  readonly person?: string;
}

const storage = new AsyncLocalStorage<Context>();

/** Everything that the work logs, at once or later, carries these fields beside those already there. */
export const inContext = <Result>(fields: Context, work: () => Result): Result =>
  storage.run({ ...storage.getStore(), ...fields }, work);

export const currentContext = (): Context => storage.getStore() ?? {};

// What a journey is: a story with real processes, real packages and a real browser, told from the outside.

export type Need = 'bubblewrap' | 'chromium' | 'registry' | 'postgres';

export interface Journey {
  /** A present-tense sentence: what a person sees. */
  readonly name: string;
  readonly needs: readonly Need[];
  /** May run beside another one; the rest run alone. */
  readonly parallel?: boolean;
  /** After this it has failed; ten minutes unless told. */
  readonly limitMs?: number;
  run(context: JourneyContext): Promise<void>;
}

export interface SpawnSettings {
  readonly cwd?: string;
  /** Added to the clean environment; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly input?: string;
}

/** A program that was started; it is ended with its children when the journey ends. */
export interface Running {
  readonly pid: number;
  /** Both streams in the order in which they came. */
  output(): string;
  stdout(): string;
  /** The exit code; 128 and more for a signal. */
  readonly exit: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly stdout: string;
}

export interface JourneyContext {
  /** The checkout that is tried. */
  readonly root: string;
  /** An empty folder of this journey's own; removed afterwards. */
  readonly folder: string;
  /** TANDEM_HOME of everything it spawns. */
  readonly home: string;
  /** The npm registry of this machine. */
  readonly registry: string;
  /** The pinned Node. */
  readonly node: string;
  /** A clone of the committed state, without node_modules. */
  freshClone(): Promise<string>;
  /** Starts a program as a person on a fresh machine would: without npm's variables and without our tools in PATH. */
  spawn(argv: readonly [string, ...string[]], settings?: SpawnSettings): Running;
  run(argv: readonly [string, ...string[]], settings?: SpawnSettings & { readonly limitMs?: number }): Promise<Ended>;
  /** The first answer that is not undefined, null or false; fails with `what` after the limit. */
  waitFor<T>(what: string, condition: () => T | Promise<T>, limitMs: number): Promise<NonNullable<Exclude<T, false>>>;
  /** A line of progress. */
  log(line: string): void;
  /** Called when the journey ends, last given first. */
  atEnd(work: () => void | Promise<void>): void;
}

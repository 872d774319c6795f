// Names the cause of a refused upgrade: the symbol of the package and the places in the project, or what is not known.
// Pure; no model is asked. Rule: a cause is told with its proof. `log` means that what was printed names the symbol or
// the place; `difference` that the log names neither, and that the API changed exactly where the project uses it;
// `test` that the failing test uses this one thing of the package and nothing else.
// What only might be the cause is never named.

import { isAtOrIn, isBreaking, offeredPath, symbolText, type CrossedChange } from './crossing.ts';
import type { Api } from './differences/api.ts';
import type { ChangeKind } from './differences/compare-apis.ts';
import type { Failure, Frame } from './failures-in.ts';
import type { ManifestChange } from './packages/manifest-changes.ts';
import { symbolIn, type PrintedSymbol } from './printed-symbol.ts';
import type { TestPlace } from './uses/failing-tests.ts';
import type { Use } from './uses/project-uses.ts';

export type Proof = 'log-and-difference' | 'log' | 'difference' | 'test';

export type NamedCause =
  | {
      readonly kind: 'named';
      readonly symbol: string;
      readonly change: ChangeKind | ManifestChange['kind'] | 'rule' | 'behaviour';
      readonly before: string | null;
      readonly after: string | null;
      readonly renamedTo: string | null;
      /** `file:line:column`, nearest to the failure first. */
      readonly places: readonly string[];
      readonly proof: Proof;
      /** What the log says, in its own words. */
      readonly printed: string | null;
    }
  | {
      readonly kind: 'not-known';
      /** Sentences: what was looked at, and why it tells nothing. */ readonly looked: readonly string[];
    };

type Named = NamedCause & { readonly kind: 'named' };

export interface CauseQuestion {
  readonly name: string;
  readonly failures: readonly Failure[];
  /** What the command that failed printed. */
  readonly log: string;
  /** Where the failing tests stand, as far as they were found. */
  readonly tests: readonly TestPlace[];
  readonly uses: readonly Use[];
  /** Null when neither side's API could be read. */
  readonly before: Api | null;
  readonly crossed: readonly CrossedChange[];
  readonly manifest: readonly ManifestChange[];
  /** What could not be looked at and why, in sentences. */
  readonly unread: readonly string[];
}

/** A person reads the first places; more of them say the same. */
const PLACES_MAX = 5;

export function nameCause(question: CauseQuestion): NamedCause {
  const { failures } = question;
  const byLog = failures.map((failure) => namedByLog(question, failure)).filter((found) => found !== undefined);
  const best =
    byLog.find(({ proof }) => proof === 'log-and-difference') ??
    byLog.find(({ change }) => change !== 'behaviour') ??
    namedByCommand(question) ??
    namedByDifference(question) ??
    byLog[0] ??
    namedByTest(question);
  if (best === undefined) return { kind: 'not-known', looked: lookedAt(question) };
  const same = byLog.filter((one) => one.symbol === best.symbol).flatMap(({ places }) => places);
  return { ...best, places: [...new Set([...best.places, ...same])].slice(0, PLACES_MAX) };
}

function namedByLog(question: CauseQuestion, failure: Failure): Named | undefined {
  if (failure.kind !== 'error') return complained(question, failure);
  const symbol = symbolIn(failure.message);
  return loading(question, failure, symbol) ?? atFrames(question, failure, symbol);
}

/** A linter's rule or a compiler's code is the symbol of what it complains about; the place is the complaint's. */
function complained({ uses, name, crossed }: CauseQuestion, failure: Failure): Named | undefined {
  const [frame] = failure.frames;
  if (frame === undefined || frame.package !== null) return undefined;
  const place = placeOf(frame);
  if (failure.kind === 'lint') {
    const runsIt = uses.some(({ how }) => how === 'script');
    return runsIt
      ? { ...bare(failure), symbol: failure.rule ?? name, change: 'rule', places: [place], proof: 'log' }
      : undefined;
  }
  const use = useAt(uses, frame);
  if (use === undefined) return undefined;
  const change = crossed.find(({ places }) => places.includes(use.place));
  return change === undefined
    ? { ...bare(failure), symbol: symbolText(name, use.path), change: 'signature', places: [place], proof: 'log' }
    : { ...bare(failure), ...changeOf(change), places: [place], proof: 'log-and-difference' };
}

/** A file of the package, or the package, that can no longer be loaded in the way the project asks for it. */
function loading(
  { name, uses, manifest }: CauseQuestion,
  failure: Failure,
  symbol: PrintedSymbol | undefined,
): Named | undefined {
  if (symbol?.kind !== 'module') return undefined;
  const specifier = symbol.name;
  if (specifier !== name && !specifier.startsWith(`${name}/`)) return undefined;
  const places = uses.filter((use) => use.specifier === specifier && use.how === 'import').map(({ place }) => place);
  if (places.length === 0) return undefined;
  const change = manifest.find((one) => one.kind === 'deep-import-blocked' && one.specifier === specifier)?.kind;
  const told = specifier === name ? 'es-module-only' : 'deep-import-blocked';
  const proof = change === undefined ? 'log' : 'log-and-difference';
  return {
    ...bare(failure),
    symbol: specifier,
    change: change ?? told,
    places: nearest(places, failure.frames),
    proof,
  };
}

/** What a command of the package says about itself: an option, a configuration or a command that is gone. */
function namedByCommand({ uses, log, manifest }: CauseQuestion): Named | undefined {
  const scripts = uses.filter(({ how }) => how === 'script');
  const [first] = scripts;
  if (first === undefined) return undefined;
  const named = { kind: 'named', before: null, after: null, renamedTo: null } as const;
  for (const change of manifest) {
    const use = change.kind === 'command-gone' ? scripts.find(({ path }) => path === change.command) : undefined;
    const line = use === undefined ? undefined : lineWith(log, use.path);
    if (use === undefined || line === undefined) continue;
    return {
      ...named,
      symbol: use.path,
      change: 'command-gone',
      places: [use.place],
      proof: 'log-and-difference',
      printed: line,
    };
  }
  for (const pattern of COMMAND_COMPLAINTS) {
    const [line, symbol] = pattern.exec(log) ?? [];
    if (line === undefined || symbol === undefined) continue;
    const place = scripts.find(({ written }) => written.includes(symbol))?.place ?? first.place;
    return { ...named, symbol, change: 'removed', places: [place], proof: 'log', printed: line.trim() };
  }
  return undefined;
}

const COMMAND_COMPLAINTS: readonly RegExp[] = [
  /^.*(?:unknown|unrecogni[sz]ed|invalid|unsupported) (?:option|argument|flag)s?:? ['"“`]?(-{0,2}[a-z][\w-]+).*$/im,
  /^.*(?:couldn't|could not|cannot|can't) find (?:an? )?['"“`]?([\w.-]+\.(?:config|opts|rc)[\w.*]*).*$/im,
];

/** The first line that names it and is not the command itself. */
const lineWith = (log: string, word: string): string | undefined =>
  log
    .split('\n')
    .find((line) => line.includes(word) && !/^[>$]/.test(line.trim()))
    ?.trim();

/** What the failing tests, and nothing but them, use of the package: named only when it is one thing. */
function namedByTest({ name, uses, tests, failures }: CauseQuestion): Named | undefined {
  const within = uses.filter(
    ({ file, nameAt: [line], how }) =>
      how !== 'import' && tests.some((test) => test.file === file && line >= test.lines[0] && line <= test.lines[1]),
  );
  const shortest = within.toSorted((a, b) => a.path.length - b.path.length)[0];
  if (shortest === undefined || !within.every(({ path }) => isAtOrIn(path, shortest.path))) return undefined;
  return {
    kind: 'named',
    symbol: symbolText(name, shortest.path),
    change: 'behaviour',
    before: null,
    after: null,
    renamedTo: null,
    places: within.map(({ place }) => place).slice(0, PLACES_MAX),
    proof: 'test',
    printed: failures[0]?.message ?? null,
  };
}

/** The innermost frame of the project that uses the package, where the error itself or the package's frames point to it. */
function atFrames(question: CauseQuestion, failure: Failure, symbol: PrintedSymbol | undefined): Named | undefined {
  const { name, uses, crossed, before } = question;
  const own = failure.frames.filter((frame) => frame.package === null && frame.line !== null);
  const innermost = failure.frames[0];
  for (const frame of own) {
    const use = useAt(uses, frame, symbol?.name);
    if (use === undefined) continue;
    const path = before === null ? use.path : offeredPath(use.path, before);
    const change = crossed.find((one) => isBreaking(one) && one.places.includes(use.place));
    if (change !== undefined && explains(change, failure, symbol)) {
      return { ...bare(failure), ...changeOf(change), places: [use.place], proof: 'log-and-difference' };
    }
    const throughPackage = failure.frames.slice(0, failure.frames.indexOf(frame)).some((each) => each.package !== null);
    const printed = symbol !== undefined && symbol.kind !== 'module' && isNamedIn(use, path, symbol.name);
    if (printed || throughPackage || innermost === frame) {
      const gone = symbol?.kind === 'read-of-undefined' && printed ? ownerPath(path, symbol.name) : path;
      const what = kindOf(symbol, printed);
      return { ...bare(failure), symbol: symbolText(name, gone), change: what, places: [use.place], proof: 'log' };
    }
  }
  return printedAt(failure, symbol);
}

/** The log names what is no function any more, and where: that is told even where it came by way of others. */
function printedAt(failure: Failure, symbol: PrintedSymbol | undefined): Named | undefined {
  const [innermost] = failure.frames;
  if (innermost === undefined || innermost.package !== null || innermost.line === null) return undefined;
  if (symbol?.kind !== 'not-callable' && symbol?.kind !== 'needs-new') return undefined;
  return {
    ...bare(failure),
    symbol: symbol.written,
    change: kindOf(symbol, true),
    places: [placeOf(innermost)],
    proof: 'log',
  };
}

const explains = ({ change, path }: CrossedChange, failure: Failure, symbol: PrintedSymbol | undefined): boolean => {
  if (symbol === undefined) return change !== 'fewer-parameters' || /argument|expect/i.test(failure.message);
  if (change === 'module-form' || change === 'needs-new' || change === 'no-longer-callable') return true;
  return symbol.kind === 'module' || path.split(/[.#]/).includes(symbol.name) || change === 'became-async';
};

function kindOf(symbol: PrintedSymbol | undefined, printed: boolean): Named['change'] {
  if (symbol === undefined || !printed) return 'behaviour';
  switch (symbol.kind) {
    case 'not-callable':
      return 'no-longer-callable';
    case 'needs-new':
      return 'needs-new';
    default:
      return 'removed';
  }
}

/** What was undefined when its member was read. */
const ownerPath = (path: string, read: string): string => path.replace(new RegExp(`[.#]?${read}$`), '');

const isNamedIn = ({ written }: Use, path: string, name: string): boolean =>
  path.split(/[.#()]+/).includes(name) || written.split(/\W+/).includes(name);

/** Only changes that break their uses by themselves, and only where nothing else is in question. */
function namedByDifference({ crossed, manifest, uses, name, failures }: CauseQuestion): Named | undefined {
  const [change] = crossed.filter(isBreaking);
  const none = { before: null, after: null, renamedTo: null, printed: failures[0]?.message ?? null } as const;
  if (change !== undefined)
    return { ...none, kind: 'named', ...changeOf(change), places: change.places, proof: 'difference' };
  const blocked = manifest.find((one) => one.kind === 'deep-import-blocked');
  if (blocked?.kind === 'deep-import-blocked') {
    const places = uses.filter(({ specifier }) => specifier === blocked.specifier).map(({ place }) => place);
    return { ...none, kind: 'named', symbol: blocked.specifier, change: blocked.kind, places, proof: 'difference' };
  }
  const module = manifest.find(({ kind }) => kind === 'es-module-only');
  const whole = uses.filter(
    ({ path, how }) => path === '' && (how === 'call' || how === 'construct' || how === 'extend' || how === 'write'),
  );
  if (module?.kind !== 'es-module-only' || whole.length === 0) return undefined;
  const { before, after } = module;
  const places = whole.map(({ place }) => place);
  return { ...none, kind: 'named', symbol: name, change: module.kind, before, after, places, proof: 'difference' };
}

function lookedAt({ name, failures, uses, crossed, unread }: CauseQuestion): readonly string[] {
  const looked: string[] = [];
  looked.push(
    failures.length === 0
      ? 'The log names no error and no place.'
      : `The log shows “${failures[0]?.message ?? ''}”, at no place where ${name} is used.`,
  );
  if (uses.length === 0) looked.push(`No file of the project uses ${name} by name.`);
  else if (crossed.length === 0 && unread.length === 0)
    looked.push(`Nothing that the project uses of ${name} changed its shape.`);
  return [...looked, ...unread];
}

/** The use that a frame points to: the one at its very place, else by its name, else the only one there. */
function useAt(uses: readonly Use[], frame: Frame, named?: string): Use | undefined {
  const { file, line, column } = frame;
  if (line === null) return undefined;
  const inFile = uses.filter((use) => use.file === file && use.how !== 'script');
  const exact = inFile.filter(({ nameAt }) => nameAt[0] === line && nameAt[1] === column);
  const onLine = inFile.filter(({ nameAt, place }) => nameAt[0] === line || place.split(':').at(-2) === String(line));
  const byName = named === undefined ? undefined : onLine.find((use) => use.path.split(/[.#()]+/).at(-1) === named);
  const isNear = ({ lines: [first, last] }: Use): boolean =>
    line >= first && line <= last && last - first < STATEMENT_LINES_MAX;
  return exact[0] ?? byName ?? onlyOne(onLine) ?? onLine[0] ?? onlyOne(inFile.filter(isNear));
}

/** Longer statements are bodies of tests, in which everything stands. */
const STATEMENT_LINES_MAX = 12;

const onlyOne = (uses: readonly Use[]): Use | undefined =>
  new Set(uses.map(({ path }) => path)).size === 1 ? uses[0] : undefined;

function nearest(places: readonly string[], frames: readonly Frame[]): readonly string[] {
  const files = frames.map(({ file }) => file);
  const rank = (place: string): number => {
    const at = files.indexOf(place.split(':')[0] ?? '');
    return at === -1 ? files.length : at;
  };
  return places.toSorted((a, b) => rank(a) - rank(b));
}

const placeOf = ({ file, line, column }: Frame): string =>
  [file, line, column].filter((each) => each !== null).join(':');

const bare = (failure: Failure) =>
  ({ kind: 'named', before: null, after: null, renamedTo: null, printed: failure.message }) as const;

const changeOf = ({ symbol, change, before, after, renamedTo }: CrossedChange) => ({
  symbol,
  change,
  before,
  after,
  renamedTo,
});

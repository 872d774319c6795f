// A test command made to run some of its files only, for the runners that take files. Pure.
// Rule: what is not understood whole (a shell's own words, a configuration that names files, an option nobody knows) is
// not narrowed; then the suite is simply run as it is.

import picomatch from 'picomatch';

type Runner = 'mocha' | 'jest' | 'vitest' | 'ava' | 'files';

interface Known {
  readonly runner: Runner;
  /** Options whose next word is their value. */
  readonly valued: ReadonlySet<string>;
  /** What it runs where no file is named. */
  readonly standard: readonly string[];
}

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
const CONVENTIONAL = ['**/__tests__/**/*.{js,jsx,ts,tsx,mjs,cjs}', '**/*.{test,spec}.{js,jsx,ts,tsx,mjs,cjs,mts,cts}'];
const OF_AVA = [
  'test.{js,mjs,cjs,ts}',
  '{src,source}/test.{js,mjs,cjs,ts}',
  '**/__tests__/**/*.{js,mjs,cjs,ts}',
].concat(['**/*.test.{js,mjs,cjs,ts}', '**/test-*.{js,mjs,cjs,ts}', '**/{test,tests}/**/[!_]*.{js,mjs,cjs,ts}']);
const RUNNERS: Readonly<Record<string, Known>> = {
  mocha: {
    runner: 'mocha',
    valued: words(
      '-r --require --file --config --package --opts -R --reporter -t --timeout -u --ui -g --grep -f --fgrep --ignore --exclude --extension --ext -O --reporter-option --reporter-options -j --jobs -s --slow -C',
    ),
    standard: ['test/*.{js,cjs,mjs}'],
  },
  jest: {
    runner: 'jest',
    valued: words('-c --config --env --testEnvironment -w --maxWorkers --reporters --testTimeout'),
    standard: CONVENTIONAL,
  },
  vitest: {
    runner: 'vitest',
    valued: words('-c --config --root --reporter --pool --environment --project --testTimeout'),
    standard: CONVENTIONAL,
  },
  ava: { runner: 'ava', valued: words('-c --concurrency --config -m --match -T --timeout'), standard: OF_AVA },
  tape: { runner: 'files', valued: words('-r --require -i --ignore'), standard: [] },
  tap: {
    runner: 'files',
    valued: words('-r --require -R --reporter -t --timeout -j --jobs --node-arg --test-arg --save'),
    standard: [],
  },
  jasmine: { runner: 'files', valued: words('--config --filter --reporter --helper'), standard: [] },
};

/** Words that stand before a runner and change nothing about which files it takes. */
const BEFORE = words('npx cross-env c8 nyc NODE_ENV=test');
const SHELL = /[|;&<>$`()\n\\#~]/;
const WORD = /'([^']*)'|"([^"]*)"|(\S+)/g;

export interface Narrowing {
  /** The script as the manifest has it, or the command as a person gave it. */
  readonly script: string;
  /** All files of the project. */
  readonly files: readonly string[];
  /** Whether a configuration of the runner may name files by itself. */
  readonly isConfigured: (runner: string) => boolean;
}

export interface Narrowed {
  /** The test files that the command runs. */
  readonly tests: readonly string[];
  /** The same command for some of them. */
  commandFor(tests: readonly string[]): string;
}

export function narrowable({ script, files, isConfigured }: Narrowing): Narrowed | null {
  if (SHELL.test(script)) return null;
  const all = [...script.matchAll(WORD)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
  const at = all.findIndex((word) => nameOf(word) in RUNNERS);
  const known = RUNNERS[nameOf(all[at] ?? '')];
  const before = all.slice(0, at);
  if (known === undefined || !before.every((word) => BEFORE.has(word) || /^[A-Z_]+=\S*$/.test(word))) return null;
  if (isConfigured(nameOf(all[at] ?? ''))) return null;
  const { kept, named } = sorted(all.slice(at + 1), known);
  if (named.length > 0 && (known.runner === 'jest' || known.runner === 'vitest')) return null;
  const patterns = named.length > 0 ? named : known.standard;
  const isTest = picomatch(patterns.map(asPattern), { ignore: ['**/node_modules/**'] });
  const tests = files.filter((file) => isTest(file));
  if (tests.length === 0) return null;
  const head = [...all.slice(0, at + 1), ...kept].map(quoted).join(' ');
  return {
    tests,
    commandFor: (chosen) =>
      [head, ...(known.runner === 'jest' ? ['--runTestsByPath'] : []), ...chosen.map(quoted)].join(' '),
  };
}

const nameOf = (word: string): string => (word.split('/').at(-1) ?? '').replace(/^_/, '');

/** Options, with their values, and the files that were named. */
function sorted(
  rest: readonly string[],
  { valued, runner }: Known,
): { kept: readonly string[]; named: readonly string[] } {
  const kept: string[] = [];
  const named: string[] = [];
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    if (word.startsWith('-')) {
      kept.push(word);
      if (valued.has(word)) {
        index += 1;
        kept.push(rest[index] ?? '');
      }
    } else if (runner === 'vitest' && index === 0 && word === 'run') kept.push(word);
    else named.push(word);
  }
  return { kept, named };
}

/** A folder stands for the scripts in it; `./` says nothing. */
function asPattern(word: string): string {
  const plain = word.replace(/^\.\//, '').replace(/\/$/, '');
  return /[*?[{]|\.[cm]?[jt]sx?$/.test(plain)
    ? plain
    : `${plain === '' || plain === '.' ? '' : `${plain}/`}*.{js,cjs,mjs,ts}`;
}

const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;

// Well-known ways in which an upgrade breaks its users, as data: what the log shows and what it means.
// Rule: a signature states a fact that its pattern proves; a guess has no place here.

interface Signature {
  readonly pattern: RegExp;
  /** A sentence; `$1`, `$2` stand for what the pattern caught, `$name` for the upgraded package. */
  readonly meaning: string;
}

const SIGNATURES: readonly Signature[] = [
  {
    pattern: /ERR_REQUIRE_ESM|require\(\) of ES Module (\S+)/,
    meaning: 'A package is an ES module now and cannot be loaded with require().',
  },
  {
    pattern: /ERR_REQUIRE_ASYNC_MODULE/,
    meaning: 'A package is an ES module with top-level await, which require() cannot load.',
  },
  {
    pattern:
      /ERR_PACKAGE_PATH_NOT_EXPORTED\]?: Package subpath '([^']+)' is not defined by "exports" in \S*node_modules\/((?:@[^/]+\/)?[^/]+)\//,
    meaning: 'The file $1 of $2 is used, but $2 no longer exports it.',
  },
  {
    pattern: /ERR_PACKAGE_PATH_NOT_EXPORTED\]?: No "exports" main defined in \S*node_modules\/((?:@[^/]+\/)?[^/]+)\//,
    meaning: '$1 can no longer be loaded in this way: its exports name no such door.',
  },
  {
    pattern: /Cannot find module '((?:@[^/']+\/)?[^./'][^/']*)(\/[^']*)?'/,
    meaning: 'The module $1$2 cannot be found: it was removed, or it is no longer installed along.',
  },
  { pattern: /Cannot find module '(\.[^']*)'/, meaning: 'The file $1 cannot be found.' },
  {
    pattern: /TypeError: Class constructor (\S+) cannot be invoked without 'new'/,
    meaning: '$1 is a class now and has to be made with new.',
  },
  { pattern: /TypeError: (\S+) is not a constructor/, meaning: '$1 is no constructor any more.' },
  { pattern: /TypeError: (\S+(?:\(\.\.\.\))?\S*) is not a function/, meaning: '$1 is not a function any more.' },
  {
    pattern: /TypeError: Cannot read propert(?:y '(\w+)' of undefined|ies of undefined \(reading '(\w+)'\))/,
    meaning: 'The property $1$2 is read from something that is undefined now.',
  },
  {
    pattern: /SyntaxError: The requested module '([^']+)' does not provide an export named '([^']+)'/,
    meaning: '$1 no longer exports $2.',
  },
  { pattern: /error TS\d+: (Module '[^']+' has no exported member '[^']+')/, meaning: 'The types say: $1.' },
  {
    pattern: /Requires Babel "?([^",]+)"?,? but was loaded with "?([^".]+(?:\.\d+)*)/,
    meaning: 'Babel $1 is required, but $2 was loaded: its parts have to move together.',
  },
  {
    pattern: /ESLint couldn't find an? (?:eslint\.config\.|configuration file)/,
    meaning: 'ESLint finds no eslint.config file: from version 9 on it no longer reads .eslintrc.',
  },
  { pattern: /Unknown (?:option|argument)s?:? (\S+)/i, meaning: 'The option $1 is not known any more.' },
  {
    pattern: /unsupported engine|requires Node(?:\.js)? (?:version )?(\S+)/i,
    meaning: 'It asks for another Node release at run time.',
  },
];

/** The meaning of the first signature in the text, or undefined. */
export function signatureIn(text: string, name: string): string | undefined {
  const found = SIGNATURES.map((signature) => ({ signature, match: signature.pattern.exec(text) }))
    .filter(({ match }) => match !== null)
    .sort((a, b) => (a.match?.index ?? 0) - (b.match?.index ?? 0))[0];
  if (found?.match === undefined || found.match === null) return undefined;
  const { match } = found;
  return found.signature.meaning
    .replace('$name', name)
    .replaceAll(/\$(\d)/g, (_, group: string) => (match[Number(group)] ?? '').slice(0, 200));
}

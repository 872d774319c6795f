// What the message of an error says about a name: it is gone, no function any more, or undefined. Pure.

export interface PrintedSymbol {
  readonly kind: 'not-callable' | 'needs-new' | 'gone' | 'read-of-undefined' | 'module';
  /** The last name of what was printed, or the specifier of a module. */
  readonly name: string;
  /** The whole expression as it was printed. */
  readonly written: string;
}

interface Pattern {
  readonly kind: PrintedSymbol['kind'];
  readonly pattern: RegExp;
}

const PATTERNS: readonly Pattern[] = [
  { kind: 'needs-new', pattern: /Class constructor (\w+) cannot be invoked without 'new'/ },
  {
    kind: 'not-callable',
    pattern: /(?:^|TypeError: )(?:\(intermediate value\)|\(\d+ , )?(\S+?)\)? is not a (?:function|constructor)/,
  },
  {
    kind: 'read-of-undefined',
    pattern: /Cannot (?:read|set) propert(?:y|ies) '?(?:of (?:undefined|null) \((?:reading|setting) ')?([\w$-]+)/,
  },
  { kind: 'gone', pattern: /does not provide an export named '([^']+)'/ },
  { kind: 'gone', pattern: /has no exported member(?: named)? '([^']+)'/ },
  { kind: 'gone', pattern: /Cannot (?:add|assign to|redefine|delete) (?:read only )?property:? '?([\w$]+)/ },
  { kind: 'gone', pattern: /Property '([^']+)' does not exist/ },
  { kind: 'module', pattern: /Cannot find (?:module|package) '((?:@[^/']+\/)?[^./'][^']*)'/ },
  { kind: 'module', pattern: /require\(\) of ES Module \S*node_modules\/((?:@[^/]+\/)?[^/]+)\// },
];

const SUBPATH = /Package subpath '\.([^']*)' is not defined by "exports" in \S*node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const NO_MAIN = /No "exports" main defined in \S*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

export function symbolIn(message: string): PrintedSymbol | undefined {
  const subpath = SUBPATH.exec(message);
  if (subpath !== null) return moduleNamed(`${subpath[2] ?? ''}${subpath[1] ?? ''}`);
  const main = NO_MAIN.exec(message);
  if (main !== null) return moduleNamed(main[1] ?? '');
  for (const { kind, pattern } of PATTERNS) {
    const told = pattern.exec(message)?.[1];
    if (told === undefined) continue;
    const name =
      kind === 'module'
        ? told
        : (told
            .replaceAll(/\([^)]*\)/g, '')
            .split(/[.\s[\]]+/)
            .findLast((part) => part !== '') ?? told);
    return { kind, name, written: told };
  }
  return undefined;
}

const moduleNamed = (name: string): PrintedSymbol => ({ kind: 'module', name, written: name });

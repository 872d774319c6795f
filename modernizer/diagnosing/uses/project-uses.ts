// Finds every place where a project uses a package: imports of all shapes, and what is done with what they give.
// Rule: names are resolved by the compiler's own scopes, so a parameter of the same name is no use; nothing is run.
// Not here: what the package offers (../differences) and what changed in it (../crossing.ts).

import { ts } from 'ts-morph';

import { bindingsOf, type Binding } from './bindings.ts';
import { memoryProgram, ROOT } from '../differences/memory-program.ts';

type UseKind = 'import' | 're-export' | 'call' | 'construct' | 'extend' | 'write' | 'read' | 'script';

export interface Use {
  /** Path as in `Api.offers`; `x()` is what a call of `x` gives, `X#m` a member of what `new X` makes. */
  readonly path: string;
  readonly how: UseKind;
  /** `file:line:column` from 1. */
  readonly place: string;
  readonly file: string;
  /** First and last line of the statement it stands in. */
  readonly lines: readonly [number, number];
  /** Line and column of the last name of it: where Node says that a call of it stands. */
  readonly nameAt: readonly [number, number];
  /** Arguments of a call; null where nothing is called or they are spread. */
  readonly given: number | null;
  /** As it is imported, such as `glob` or `lodash/get`. */
  readonly specifier: string;
  /** As it is written, such as `LRU(options)`. */
  readonly written: string;
}

export interface ProjectUses {
  readonly uses: readonly Use[];
  /** Files that could not be read within the bounds. */
  readonly leftOut: number;
}

/** Files that name the package; a project that has more of them is known well enough by these. */
const FILES_MAX = 400;
const FILE_BYTES_MAX = 1024 * 1024;
const USES_MAX = 5_000;
const WRITTEN_LENGTH_MAX = 120;

export const isSource = (path: string): boolean => /\.[cm]?[jt]sx?$/.test(path) && !/\.d\.[cm]?ts$/.test(path);

/** `texts`: the project's own files by path; whatever is no source is passed over. `commands`: what it installs. */
export function projectUses(
  texts: ReadonlyMap<string, string>,
  name: string,
  commands: readonly string[] = [],
): ProjectUses {
  const { used, leftOut } = usedNodes(texts, name);
  const scripts = scriptUses(texts.get('package.json') ?? '', name, commands);
  return { uses: [...used.map(({ use }) => use), ...scripts], leftOut };
}

export interface UsedNode {
  readonly use: Use;
  readonly node: ts.Node;
  readonly file: ts.SourceFile;
}

/** The uses with the nodes they stand in, for who wants to change them. */
export function usedNodes(
  texts: ReadonlyMap<string, string>,
  name: string,
): { readonly used: readonly UsedNode[]; readonly leftOut: number } {
  const naming = [...texts].filter(([path, text]) => isSource(path) && text.includes(name));
  const fitting = naming.filter(([, text]) => text.length <= FILE_BYTES_MAX).slice(0, FILES_MAX);
  const { program, checker } = memoryProgram(
    new Map(fitting),
    fitting.map(([path]) => path),
    { noResolve: true, noLib: true, checkJs: false },
  );
  const used: UsedNode[] = [];
  for (const [path] of fitting) {
    const file = program.getSourceFile(`${ROOT}/${path}`);
    if (file !== undefined) used.push(...usedIn(checker, file, name).slice(0, USES_MAX - used.length));
  }
  return { used, leftOut: naming.length - fitting.length };
}

function usedIn(checker: ts.TypeChecker, file: ts.SourceFile, name: string): readonly UsedNode[] {
  const bindings = bindingsOf(checker, file, name);
  const take = (binding: Binding, node: ts.Node, how: UseKind): UsedNode => ({
    use: useOf(file, binding, node, how),
    node,
    file,
  });
  const used = bindings.imports.map((one) => take(one, one.node, one.reExported ? 're-export' : 'import'));
  const visit = (node: ts.Node): void => {
    const binding = bindings.at(node);
    if (binding !== undefined && !bindings.isImport(node)) used.push(take(binding, node, howOf(node)));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return used;
}

function useOf(file: ts.SourceFile, binding: Binding, node: ts.Node, how: UseKind): Use {
  const at = file.getLineAndCharacterOfPosition(node.getStart(file));
  const path = file.fileName.slice(ROOT.length + 1);
  const statement = statementOf(node);
  const called = node.parent;
  const given =
    (ts.isCallExpression(called) || ts.isNewExpression(called)) && called.expression === node
      ? (called.arguments ?? ts.factory.createNodeArray())
      : undefined;
  return {
    path: binding.path,
    how,
    place: `${path}:${at.line + 1}:${at.character + 1}`,
    file: path,
    nameAt: nameAt(file, node),
    lines: [
      file.getLineAndCharacterOfPosition(statement.getStart(file)).line + 1,
      file.getLineAndCharacterOfPosition(statement.getEnd()).line + 1,
    ],
    given: given === undefined || given.some((each) => ts.isSpreadElement(each)) ? null : given.length,
    specifier: binding.specifier,
    written: (given === undefined ? node : called).getText(file).replaceAll(/\s+/g, ' ').slice(0, WRITTEN_LENGTH_MAX),
  };
}

function nameAt(file: ts.SourceFile, node: ts.Node): readonly [number, number] {
  const name = ts.isPropertyAccessExpression(node) ? node.name : node;
  const { line, character } = file.getLineAndCharacterOfPosition(name.getStart(file));
  return [line + 1, character + 1];
}

function howOf(node: ts.Node): UseKind {
  const { parent } = node;
  if (ts.isCallExpression(parent) && parent.expression === node) return 'call';
  if (ts.isNewExpression(parent) && parent.expression === node) return 'construct';
  if (ts.isExpressionWithTypeArguments(parent) && ts.isHeritageClause(parent.parent)) return 'extend';
  if (
    ts.isBinaryExpression(parent) &&
    parent.left === node &&
    parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
  ) {
    return 'write';
  }
  return 'read';
}

/** The smallest statement around it that is no block. */
function statementOf(node: ts.Node): ts.Node {
  let at = node;
  while (!ts.isSourceFile(at.parent) && !ts.isBlock(at.parent) && !ts.isCaseOrDefaultClause(at.parent)) at = at.parent;
  return at;
}

/** Scripts of the manifest that call the package as a command. */
function scriptUses(manifest: string, name: string, commands: readonly string[]): readonly Use[] {
  const words = new Set([name.split('/').at(-1) ?? name, ...commands]);
  const scripts = /"scripts"\s*:\s*\{[^}]*\}/.exec(manifest);
  if (scripts === null) return [];
  const firstLine = manifest.slice(0, scripts.index).split('\n').length;
  return scripts[0].split('\n').flatMap((text, index): Use[] => {
    const value = text.indexOf(':', text.indexOf('"scripts"') === -1 ? 0 : text.indexOf('{'));
    const line = firstLine + index;
    return [...words].flatMap((word): Use[] => {
      const found = value === -1 ? -1 : text.slice(value).search(wholeWord(word));
      if (found === -1) return [];
      const column = value + found + 1;
      return [
        {
          path: word,
          how: 'script',
          place: `package.json:${line}:${column}`,
          file: 'package.json',
          lines: [line, line],
          nameAt: [line, column],
          given: null,
          specifier: name,
          written: text.trim().slice(0, WRITTEN_LENGTH_MAX),
        },
      ];
    });
  });
}

const wholeWord = (word: string): RegExp =>
  new RegExp(`(?<![\\w@/-])${word.replaceAll(/[.*+?^$()|[\]{}\\]/g, String.raw`\$&`)}(?![\\w-])`);

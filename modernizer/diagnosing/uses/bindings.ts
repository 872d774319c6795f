// Which names of a file stand for what a package gives: what is imported, destructured, renamed, called and made.
// Rule: a name is followed only where the file itself assigns it; nothing is guessed about other files.

import { ts } from 'ts-morph';

export interface Binding {
  readonly path: string;
  readonly specifier: string;
}

interface ImportPlace extends Binding {
  readonly node: ts.Node;
  readonly reExported: boolean;
}

export interface Bindings {
  readonly imports: readonly ImportPlace[];
  /** What the expression stands for, or undefined when it is nothing of the package. */
  at(node: ts.Node): Binding | undefined;
  isImport(node: ts.Node): boolean;
}

/** Names given on from name to name: more steps than these no file has. */
const ROUNDS_MAX = 5;

export function bindingsOf(checker: ts.TypeChecker, file: ts.SourceFile, name: string): Bindings {
  const bound = new Map<ts.Symbol, Binding>();
  const imports: ImportPlace[] = [];
  const importNodes = new Set<ts.Node>();
  const isOurs = (text: string): boolean => text === name || text.startsWith(`${name}/`);
  const follow: Follow = { checker, bound, isOurs };
  const bind = (node: ts.Node, binding: Binding): boolean => {
    const symbol = checker.getSymbolAtLocation(node);
    if (symbol === undefined || bound.has(symbol)) return false;
    bound.set(symbol, binding);
    return true;
  };
  const addImport = (node: ts.Node, binding: Binding, reExported = false): void => {
    if (importNodes.has(node)) return;
    importNodes.add(node);
    imports.push({ ...binding, node, reExported });
  };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let grew = false;
    const visit = (node: ts.Node): void => {
      if (round === 0) readImport(node, { bind, addImport, isOurs });
      const given = ts.isVariableDeclaration(node)
        ? ([node.name, node.initializer] as const)
        : ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken
          ? ([node.left, node.right] as const)
          : undefined;
      const value = given?.[1] === undefined ? undefined : pathOf(given[1], follow);
      if (given !== undefined && value !== undefined) grew = bindTarget(given[0], value, bind) || grew;
      ts.forEachChild(node, visit);
    };
    visit(file);
    if (!grew && round > 0) break;
  }
  return { imports, at: (node) => usedAt(node, follow), isImport: (node) => importNodes.has(node) };
}

interface Follow {
  readonly checker: ts.TypeChecker;
  readonly bound: ReadonlyMap<ts.Symbol, Binding>;
  isOurs(specifier: string): boolean;
}

interface ImportReader {
  bind(node: ts.Node, binding: Binding): boolean;
  addImport(node: ts.Node, binding: Binding, reExported?: boolean): void;
  isOurs(specifier: string): boolean;
}

function readImport(node: ts.Node, { bind, addImport, isOurs }: ImportReader): void {
  const loaded = loadedBy(node);
  if (loaded !== undefined && isOurs(loaded)) addImport(node, { path: '', specifier: loaded });
  if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
    const { expression } = node.moduleReference;
    if (ts.isStringLiteral(expression) && isOurs(expression.text)) {
      addImport(node, { path: '', specifier: expression.text });
      bind(node.name, { path: '', specifier: expression.text });
    }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    const specifier = node.moduleSpecifier.text;
    if (!isOurs(specifier)) return;
    const clause = node.exportClause;
    if (clause === undefined || ts.isNamespaceExport(clause)) return addImport(node, { path: '', specifier }, true);
    for (const each of clause.elements)
      addImport(each, { path: (each.propertyName ?? each.name).text, specifier }, true);
  }
  if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return;
  const specifier = node.moduleSpecifier.text;
  if (!isOurs(specifier)) return;
  const clause = node.importClause;
  if (clause === undefined) return addImport(node, { path: '', specifier });
  if (clause.name !== undefined) {
    addImport(clause.name, { path: 'default', specifier });
    bind(clause.name, { path: 'default', specifier });
  }
  const named = clause.namedBindings;
  if (named === undefined) return;
  if (ts.isNamespaceImport(named)) {
    addImport(named.name, { path: '', specifier });
    bind(named.name, { path: '', specifier });
  } else {
    for (const each of named.elements) {
      const path = (each.propertyName ?? each.name).text;
      addImport(each.name, { path, specifier });
      bind(each.name, { path, specifier });
    }
  }
}

/** The specifier of `require('x')` and `import('x')`. */
function loadedBy(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [first] = node.arguments;
  if (first === undefined || !ts.isStringLiteralLike(first)) return undefined;
  const { expression } = node;
  const loads =
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === 'require');
  return loads ? first.text : undefined;
}

function bindTarget(target: ts.Node, value: Binding, bind: (node: ts.Node, binding: Binding) => boolean): boolean {
  if (ts.isObjectBindingPattern(target)) {
    return target.elements.reduce((grew, each) => {
      if (each.dotDotDotToken !== undefined) return grew;
      const key = each.propertyName ?? each.name;
      if (!ts.isIdentifier(key) && !ts.isStringLiteral(key)) return grew;
      return bindTarget(each.name, { ...value, path: member(value.path, key.text) }, bind) || grew;
    }, false);
  }
  if (ts.isIdentifier(target)) return bind(target, value);
  // What is written onto the module itself (`chai.x = …`) stays a use, not a name.
  return ts.isPropertyAccessExpression(target) && target.expression.kind === ts.SyntaxKind.ThisKeyword
    ? bind(target.name, value)
    : false;
}

/** Whole expressions only: of `a.b.c()` the use is `a.b.c`, not `a` and `a.b` besides. */
function usedAt(node: ts.Node, follow: Follow): Binding | undefined {
  if (!ts.isIdentifier(node) && !ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node))
    return undefined;
  if (isInner(node) || isName(node)) return undefined;
  return pathOf(node, follow);
}

const isInner = (node: ts.Node): boolean =>
  (ts.isPropertyAccessExpression(node.parent) && (node.parent.expression === node || node.parent.name === node)) ||
  (ts.isElementAccessExpression(node.parent) &&
    node.parent.expression === node &&
    ts.isStringLiteralLike(node.parent.argumentExpression));

/** Where a name is declared it is no use. */
const isName = (node: ts.Node): boolean => isDeclaredName(node) && !isInitializer(node);

const isInitializer = (node: ts.Node): boolean =>
  (ts.isVariableDeclaration(node.parent) || ts.isBindingElement(node.parent)) && node.parent.initializer === node;

const isDeclaredName = (node: ts.Node): boolean => isNamePlace(node.parent) || isAssignedName(node);

/** `cache = new LRU()` and `this.cache = …` name what is made; `chai.x = …` writes onto the module. */
const isAssignedName = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node.parent) &&
  node.parent.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
  node.parent.left === node &&
  (ts.isIdentifier(node) ||
    (ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword));

const isNamePlace = (parent: ts.Node): boolean =>
  ts.isImportSpecifier(parent) ||
  ts.isImportClause(parent) ||
  ts.isNamespaceImport(parent) ||
  ts.isImportEqualsDeclaration(parent) ||
  ts.isBindingElement(parent) ||
  ts.isExportSpecifier(parent) ||
  ts.isVariableDeclaration(parent);

function pathOf(node: ts.Node, follow: Follow): Binding | undefined {
  if (
    ts.isParenthesizedExpression(node) ||
    ts.isNonNullExpression(node) ||
    ts.isAsExpression(node) ||
    ts.isAwaitExpression(node)
  ) {
    return pathOf(node.expression, follow);
  }
  const loaded = loadedBy(node);
  if (loaded !== undefined) return follow.isOurs(loaded) ? { path: '', specifier: loaded } : undefined;
  if (ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword) {
    const symbol = follow.checker.getSymbolAtLocation(node);
    return symbol === undefined ? undefined : follow.bound.get(symbol);
  }
  if (ts.isPropertyAccessExpression(node)) return memberOf(node, node.name.text, follow);
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) {
    return memberOf(node, node.argumentExpression.text, follow);
  }
  if (ts.isCallExpression(node)) return after(pathOf(node.expression, follow), '()');
  if (ts.isNewExpression(node)) return after(pathOf(node.expression, follow), '#');
  return undefined;
}

function memberOf(
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  name: string,
  follow: Follow,
): Binding | undefined {
  const own = ts.isPropertyAccessExpression(node) ? follow.checker.getSymbolAtLocation(node.name) : undefined;
  const bound = own === undefined ? undefined : follow.bound.get(own);
  if (bound !== undefined) return bound;
  const owner = pathOf(node.expression, follow);
  return owner === undefined ? undefined : { ...owner, path: member(owner.path, name) };
}

const after = (binding: Binding | undefined, what: string): Binding | undefined =>
  binding === undefined ? undefined : { ...binding, path: `${binding.path}${what}` };

const member = (path: string, name: string): string =>
  path === '' || path.endsWith('#') ? `${path}${name}` : `${path}.${name}`;

// The rewrites that follow from a cause by rule, each from a project's texts to what differs. Pure.
// Rule: a rewrite touches only uses of the package, and only where its form is known; whether it is right, a trial says.

import { ts } from 'ts-morph';

import { isAtOrIn } from '../crossing.ts';
import { usedNodes, type UsedNode } from '../uses/project-uses.ts';
import { madeEdits, withEdits, type Edit } from './edits.ts';

export interface FileChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** What differs, with offsets in the text before. */
  readonly edits: readonly Edit[];
  /** `file:line:column` in the text before. */
  readonly places: readonly string[];
}

export interface Rewriting {
  /** The package. */
  readonly name: string;
  /** The project's texts by path. */
  readonly texts: ReadonlyMap<string, string>;
}

type Rule = (used: UsedNode) => readonly Edit[];

/** What was the module itself is one of its exports now: `require('lru')` becomes `require('lru').LRUCache`. */
export const intoExport = (rewriting: Rewriting, exported: string): readonly FileChange[] =>
  rewritten(rewriting, ({ node, use, file }) => {
    if (use.how !== 'import' || (use.path !== '' && use.path !== 'default')) return [];
    if (ts.isCallExpression(node)) return loadedMember(node, exported);
    if (ts.isImportEqualsDeclaration(node))
      return [importOf(node, file, { exported, local: node.name.text, specifier: use.specifier })];
    const declaration = importDeclarationOf(node);
    if (declaration === undefined || !ts.isIdentifier(node)) return [];
    // A default import of a default is right as it is.
    if (exported === 'default' && use.path === 'default') return [];
    return declaration.importClause?.namedBindings !== undefined && declaration.importClause.name !== undefined
      ? []
      : [importOf(declaration, file, { exported, local: node.text, specifier: use.specifier })];
  });

/** An export has another name: the member, the imported or the destructured name is changed, local names stay. */
export const renamed = (rewriting: Rewriting, from: string, to: string): readonly FileChange[] =>
  rewritten(rewriting, ({ node, use, file }) => {
    const path = use.path.replace(/^default\./, '');
    if (use.how === 'import' || use.how === 're-export')
      return path === from ? renamedImport(node, file, lastOf(to)) : [];
    if (!isAtOrIn(path, from)) return [];
    const member = memberNamed(node, lastOf(from));
    return member === undefined ? [] : [replaced(member, file, lastOf(to))];
  }).concat(renamedKeys(rewriting, from, to));

/** A class that was called has to be made: `Cache(1)` becomes `new Cache(1)`. */
export const constructed = (rewriting: Rewriting, symbol: string): readonly FileChange[] =>
  rewritten(rewriting, ({ node, use, file }) =>
    use.how === 'call' && (use.path === symbol || (symbol === '' && use.path === 'default'))
      ? [inserted(node.parent.getStart(file), 'new ')]
      : [],
  );

/** A file of the package that is blocked now is one of its exports: `require('uuid/v4')` becomes `require('uuid').v4`. */
export const fromDoor = (rewriting: Rewriting, specifier: string, exported: string): readonly FileChange[] =>
  rewritten(rewriting, ({ node, use, file }) => {
    if (use.how !== 'import' || use.specifier !== specifier) return [];
    if (ts.isCallExpression(node)) {
      const [argument] = node.arguments;
      if (argument === undefined || node.expression.kind === ts.SyntaxKind.ImportKeyword) return [];
      return [
        replaced(argument, file, quoted(argument, file, rewriting.name)),
        inserted(node.getEnd(), `.${exported}`),
      ];
    }
    const declaration = importDeclarationOf(node);
    if (declaration === undefined || !ts.isIdentifier(node)) return [];
    return [importOf(declaration, file, { exported, local: node.text, specifier: rewriting.name })];
  });

/** What gives a promise now is awaited. Only where there is one call: more of them ask for a person. */
export function awaited(rewriting: Rewriting, symbol: string): readonly FileChange[] {
  const calls = usedNodes(rewriting.texts, rewriting.name).used.filter(
    ({ use }) => use.how === 'call' && use.path.replace(/^default\./, '') === symbol,
  );
  const [only] = calls;
  if (calls.length !== 1 || only === undefined || ts.isAwaitExpression(only.node.parent.parent)) return [];
  const around = functionAround(only.node);
  if (around === undefined) return [];
  const call = only.node.parent;
  const isInner = ts.isPropertyAccessExpression(call.parent) || ts.isElementAccessExpression(call.parent);
  const edits = [
    inserted(call.getStart(only.file), isInner ? '(await ' : 'await '),
    ...(isInner ? [inserted(call.getEnd(), ')')] : []),
    ...(isAsync(around) ? [] : [inserted(asyncPlace(around, only.file), 'async ')]),
  ];
  return changed(rewriting, new Map([[only.use.file, { edits, places: [only.use.place] }]]));
}

function rewritten(rewriting: Rewriting, rule: Rule): readonly FileChange[] {
  const byFile = new Map<string, { edits: Edit[]; places: string[] }>();
  for (const used of usedNodes(rewriting.texts, rewriting.name).used) {
    const edits = rule(used);
    if (edits.length === 0) continue;
    const found = byFile.get(used.use.file) ?? { edits: [], places: [] };
    found.edits.push(...edits);
    found.places.push(used.use.place);
    byFile.set(used.use.file, found);
  }
  return changed(rewriting, byFile);
}

function changed(
  { texts }: Rewriting,
  byFile: ReadonlyMap<string, { readonly edits: readonly Edit[]; readonly places: readonly string[] }>,
): readonly FileChange[] {
  return [...byFile].flatMap(([path, { edits, places }]) => {
    const before = texts.get(path) ?? '';
    const after = withEdits(before, edits);
    return after === before ? [] : [{ path, before, after, edits: madeEdits(edits), places }];
  });
}

/** `const { sync } = require('glob')` becomes `const { globSync: sync } = …`: keys are no uses, and are found here. */
function renamedKeys(rewriting: Rewriting, from: string, to: string): readonly FileChange[] {
  if (/[.#]/.test(from)) return [];
  return rewritten(rewriting, ({ node, use, file }) => {
    const declaration = use.how === 'import' && ts.isCallExpression(node) ? node.parent : undefined;
    if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return [];
    if (!ts.isObjectBindingPattern(declaration.name)) return [];
    return declaration.name.elements.flatMap((each) => {
      const key = each.propertyName ?? each.name;
      if (!ts.isIdentifier(key) || key.text !== from) return [];
      return [replaced(key, file, each.propertyName === undefined ? `${lastOf(to)}: ${from}` : lastOf(to))];
    });
  });
}

function renamedImport(node: ts.Node, file: ts.SourceFile, to: string): readonly Edit[] {
  const specifier = ts.isImportSpecifier(node.parent) ? node.parent : ts.isExportSpecifier(node) ? node : undefined;
  if (specifier === undefined) return [];
  const { propertyName, name } = specifier;
  return [replaced(propertyName ?? name, file, propertyName === undefined ? `${to} as ${name.text}` : to)];
}

/** The innermost part of a chain that has the name: `b` of `a.b.c()`. */
function memberNamed(node: ts.Node, name: string): ts.Node | undefined {
  for (let at = node; ts.isPropertyAccessExpression(at); at = at.expression) if (at.name.text === name) return at.name;
  return undefined;
}

function loadedMember(node: ts.CallExpression, exported: string): readonly Edit[] {
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) return [];
  const isMember = ts.isPropertyAccessExpression(node.parent) || ts.isElementAccessExpression(node.parent);
  const isTaken = ts.isVariableDeclaration(node.parent) && ts.isObjectBindingPattern(node.parent.name);
  return isMember || isTaken || ts.isExpressionStatement(node.parent) ? [] : [inserted(node.getEnd(), `.${exported}`)];
}

interface ImportParts {
  readonly exported: string;
  readonly local: string;
  readonly specifier: string;
}

function importOf(node: ts.Node, file: ts.SourceFile, { exported, local, specifier }: ImportParts): Edit {
  const end = node.getText(file).endsWith(';') ? ';' : '';
  const names = exported === 'default' ? local : `{ ${exported === local ? local : `${exported} as ${local}`} }`;
  return replaced(node, file, `import ${names} from ${quoted(node, file, specifier)}${end}`);
}

const importDeclarationOf = (node: ts.Node): ts.ImportDeclaration | undefined => {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) if (ts.isImportDeclaration(at)) return at;
  return undefined;
};

/** In the quotes that stand there. */
const quoted = (node: ts.Node, file: ts.SourceFile, text: string): string =>
  node.getText(file).includes('"') ? `"${text}"` : `'${text}'`;

const inserted = (at: number, text: string): Edit => ({ start: at, end: at, text });
const replaced = (node: ts.Node, file: ts.SourceFile, text: string): Edit => ({
  start: node.getStart(file),
  end: node.getEnd(),
  text,
});

const lastOf = (path: string): string => path.split(/[.#]/).at(-1) ?? path;

type FunctionNode = ts.FunctionDeclaration | ts.FunctionExpression | ts.ArrowFunction | ts.MethodDeclaration;

function functionAround(node: ts.Node): FunctionNode | undefined {
  for (let at = node; !ts.isSourceFile(at); at = at.parent) {
    if (
      ts.isFunctionDeclaration(at) ||
      ts.isFunctionExpression(at) ||
      ts.isArrowFunction(at) ||
      ts.isMethodDeclaration(at)
    )
      return at;
    // Neither a constructor nor an accessor can wait.
    if (ts.isConstructorDeclaration(at) || ts.isAccessor(at)) return undefined;
  }
  return undefined;
}

const isAsync = (node: FunctionNode): boolean =>
  (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);

/** Behind `export`, `static` and their like. */
const asyncPlace = (node: FunctionNode, file: ts.SourceFile): number => {
  const last = node.modifiers?.at(-1);
  return last === undefined ? node.getStart(file) : last.getEnd() + 1;
};

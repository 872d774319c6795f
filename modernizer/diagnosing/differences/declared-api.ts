// Reads what a package offers from its declarations, its own or those of its `@types` package.
// Rule: TypeScript itself finds the entry (exports, typesVersions, types); what it cannot find is not known, and an
// API that passes a bound or leans on packages that are not at hand is `partial`.
// Not here: limits of time and memory (../in-worker.ts).

import { ts } from 'ts-morph';

import { OFFERS_MAX, toldText, type ApiReading, type ModuleForm, type Offer } from './api.ts';
import { declarationsOf, memoryProgram, ROOT, typesPackageOf, type MemoryProgram } from './memory-program.ts';
import type { PackageFiles } from '../packages/package-files.ts';

export interface TypedPackage {
  readonly package: PackageFiles;
  /** Its `@types` package, where the registry has one. */
  readonly types: PackageFiles | null;
}

/** Members of one class or interface; the longest known (the DOM's) have some hundreds. */
const MEMBERS_MAX = 300;
/** `a.b.c` is used, deeper members are hardly ever. */
const DEPTH_MAX = 2;

/** Asked for as CommonJS and as an ES module: some packages offer only one of them. */
const ENTRIES = ['entry.cts', 'entry.mts'] as const;

/** `subpath` is what stands behind the name, such as `/promises`; `` for the package itself. */
export function declaredApi({ package: own, types }: TypedPackage, subpath = ''): ApiReading {
  const texts = new Map(declarationsOf(own.name, own.files));
  if (types !== null) for (const [path, text] of declarationsOf(types.name, types.files)) texts.set(path, text);
  texts.set('entry.cts', `import it = require('${own.name}${subpath}'); export = it;`);
  texts.set('entry.mts', `import * as it from '${own.name}${subpath}'; export { it };`);
  const made = memoryProgram(texts, ENTRIES);
  const found = ENTRIES.map((entry) => entrySymbol(made, entry)).find((symbol) => symbol !== undefined);
  if (found === undefined) {
    const where = types === null ? '' : ` nor ${typesPackageOf(own.name)}`;
    return { kind: 'not-known', reason: `neither ${own.name}@${own.version}${where} declares types that can be found` };
  }
  return readApi(made, found, own.partial || (types?.partial ?? false));
}

function entrySymbol({ program, checker }: MemoryProgram, entry: string): ts.Symbol | undefined {
  const first = program.getSourceFile(`${ROOT}/${entry}`)?.statements[0];
  if (first === undefined) return undefined;
  if (ts.isImportDeclaration(first)) return checker.getSymbolAtLocation(first.moduleSpecifier);
  if (!ts.isImportEqualsDeclaration(first) || !ts.isExternalModuleReference(first.moduleReference)) return undefined;
  return checker.getSymbolAtLocation(first.moduleReference.expression);
}

interface Reading {
  readonly checker: ts.TypeChecker;
  readonly at: ts.Node;
  readonly offers: Map<string, Offer>;
}

function readApi({ program, checker }: MemoryProgram, found: ts.Symbol, partial: boolean): ApiReading {
  const at = found.declarations?.[0];
  if (at === undefined) return { kind: 'not-known', reason: 'its declarations are empty' };
  const whole = found.exports?.get(ts.InternalSymbolName.ExportEquals);
  const reading: Reading = { checker, at, offers: new Map() };
  let form: ModuleForm;
  if (whole === undefined) {
    const exported = checker.getExportsOfModule(found);
    form = exported.some(({ name }) => name !== 'default') ? 'names' : 'default';
    for (const symbol of exported) take(reading, symbol, symbol.name, 0);
  } else {
    take(reading, whole, '', 0);
    // An object with members is used as names are, whichever way it was written down.
    const kind = reading.offers.get('')?.kind;
    form = kind === 'function' || kind === 'class' ? 'whole' : 'names';
  }
  const leans = program.getSourceFiles().some((file) => leansOnOthers(checker, file));
  const offers = reading.offers;
  if (offers.size === 0) return { kind: 'not-known', reason: 'its declarations name nothing' };
  return {
    kind: 'api',
    api: { source: 'types', form, offers, partial: partial || leans || offers.size >= OFFERS_MAX },
  };
}

/** `export * from` a package that is not at hand: its names are not known. */
const leansOnOthers = (checker: ts.TypeChecker, file: ts.SourceFile): boolean =>
  file.statements.some(
    (each) =>
      ts.isExportDeclaration(each) &&
      each.exportClause === undefined &&
      each.moduleSpecifier !== undefined &&
      checker.getSymbolAtLocation(each.moduleSpecifier) === undefined,
  );

function take(reading: Reading, alias: ts.Symbol, path: string, depth: number): void {
  const { checker, offers, at } = reading;
  if (offers.size >= OFFERS_MAX) return;
  const symbol = (alias.flags & ts.SymbolFlags.Alias) === 0 ? alias : checker.getAliasedSymbol(alias);
  const isValue = (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const isClass = (symbol.flags & ts.SymbolFlags.Class) !== 0;
  const type = isValue ? checker.getTypeOfSymbolAtLocation(symbol, at) : checker.getDeclaredTypeOfSymbol(symbol);
  offers.set(path, isValue ? valueOffer(checker, type, isClass) : typeOffer(checker, type));
  if (depth >= DEPTH_MAX) return;
  const inner = isValue ? checker.getPropertiesOfType(type) : [];
  for (const member of inner.filter(isOwn).slice(0, MEMBERS_MAX)) {
    if (member.name !== 'prototype')
      take(reading, member, path === '' ? member.name : `${path}.${member.name}`, depth + 1);
  }
  const made = isClass ? checker.getDeclaredTypeOfSymbol(symbol) : type.getConstructSignatures()[0]?.getReturnType();
  for (const member of (made?.getProperties() ?? []).filter(isOwn).slice(0, MEMBERS_MAX)) {
    take(reading, member, `${path}#${member.name}`, DEPTH_MAX);
  }
  if ((symbol.flags & ts.SymbolFlags.Namespace) === 0) return;
  for (const member of checker.getExportsOfModule(symbol)) {
    const at = path === '' ? member.name : `${path}.${member.name}`;
    if (!offers.has(at)) take(reading, member, at, depth + 1);
  }
}

/** Declared by a package, not by the language: every function has a `bind`. */
const isOwn = (symbol: ts.Symbol): boolean =>
  !/^[_#]/.test(symbol.name) &&
  (symbol.declarations ?? []).some((each) => each.getSourceFile().fileName.startsWith(`${ROOT}/`)) &&
  !(symbol.declarations ?? []).some(
    (each) => (ts.getCombinedModifierFlags(each) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected)) !== 0,
  );

function valueOffer(checker: ts.TypeChecker, type: ts.Type, isClass: boolean): Offer {
  const calls = type.getCallSignatures();
  const makes = type.getConstructSignatures();
  const told = toldText(checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation));
  if (calls.length === 0) {
    const kind = isClass || makes.length > 0 ? 'class' : (type.flags & ts.TypeFlags.Object) !== 0 ? 'object' : 'value';
    const [first] = makes;
    const made = first === undefined ? told : toldText(`new ${checker.signatureToString(first)}`);
    return { kind, required: null, most: null, isAsync: false, told: kind === 'object' ? 'an object' : made };
  }
  return {
    kind: 'function',
    required: Math.min(...calls.map((call) => requiredOf(checker, call))),
    most: mostOf(calls),
    isAsync: calls.every((call) => call.getReturnType().getSymbol()?.name === 'Promise'),
    told,
  };
}

const typeOffer = (checker: ts.TypeChecker, type: ts.Type): Offer => ({
  kind: 'type',
  required: null,
  most: null,
  isAsync: false,
  told: toldText(checker.typeToString(type)),
});

const requiredOf = (checker: ts.TypeChecker, call: ts.Signature): number =>
  call.parameters.filter((parameter) => {
    const declaration = parameter.valueDeclaration;
    return (
      declaration !== undefined &&
      ts.isParameter(declaration) &&
      declaration.dotDotDotToken === undefined &&
      !checker.isOptionalParameter(declaration)
    );
  }).length;

function mostOf(calls: readonly ts.Signature[]): number | null {
  const endless = calls.some((call) =>
    call.parameters.some(
      ({ valueDeclaration }) =>
        valueDeclaration === undefined ||
        !ts.isParameter(valueDeclaration) ||
        valueDeclaration.dotDotDotToken !== undefined,
    ),
  );
  return endless ? null : Math.max(...calls.map(({ parameters }) => parameters.length));
}

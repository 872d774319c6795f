// A TypeScript program over texts in memory: nothing is read from disk but the compiler's own library.
// Rule: what is not among the texts does not resolve and is `any`; a program never waits for anything.

import { Project, ts } from 'ts-morph';

export interface MemoryProgram {
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
}

/** Where the project lies in the program. */
export const ROOT = '/project';

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  // Without the browser's half: it is large, and what a package says of it is the same on both sides.
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowJs: true,
  noEmit: true,
  strict: true,
  skipLibCheck: true,
  esModuleInterop: true,
  types: [],
};

/** Texts by path below `ROOT`; the program begins at `roots`. */
export function memoryProgram(
  texts: ReadonlyMap<string, string>,
  roots: readonly string[],
  more: ts.CompilerOptions = {},
): MemoryProgram {
  const options = { ...OPTIONS, ...more };
  const program = ts.createProgram(
    roots.map((path) => `${ROOT}/${path}`),
    options,
    hostOf(texts),
  );
  return { program, checker: program.getTypeChecker() };
}

function hostOf(texts: ReadonlyMap<string, string>): ts.CompilerHost {
  const library = languageLibrary();
  const textAt = (path: string): string | undefined =>
    path.startsWith(`${ROOT}/`) ? texts.get(path.slice(ROOT.length + 1)) : undefined;
  const folders = new Set([...texts.keys()].flatMap(foldersAbove));
  return {
    getSourceFile(path, languageVersionOrOptions) {
      const text = textAt(path);
      return text === undefined ? library.get(path) : ts.createSourceFile(path, text, languageVersionOrOptions, true);
    },
    getDefaultLibFileName: () => `${LIBRARY}/lib.es2022.d.ts`,
    getDefaultLibLocation: () => LIBRARY,
    writeFile: () => undefined,
    getCurrentDirectory: () => ROOT,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (path) => textAt(path) !== undefined || library.has(path),
    readFile: (path) => textAt(path) ?? library.get(path)?.text,
    directoryExists: (path) => path === ROOT || folders.has(path),
    getDirectories: () => [],
    realpath: (path) => path,
  };
}

const foldersAbove = (path: string): readonly string[] =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, index, parts) => `${ROOT}/${parts.slice(0, index + 1).join('/')}`);

const LIBRARY = '/node_modules/typescript/lib';
let languageFiles: ReadonlyMap<string, ts.SourceFile> | undefined;

/** The declarations of the language, parsed once: they are the same for every program. */
function languageLibrary(): ReadonlyMap<string, ts.SourceFile> {
  if (languageFiles !== undefined) return languageFiles;
  const project = new Project({ useInMemoryFileSystem: true, compilerOptions: OPTIONS });
  project.createSourceFile('/empty.ts', 'export {};');
  const files = project.getProgram().compilerObject.getSourceFiles();
  languageFiles = new Map(files.map((file) => [`${LIBRARY}/${file.fileName.split('/').at(-1) ?? ''}`, file]));
  return languageFiles;
}

/** Where a package's texts lie below `ROOT`, and those of them that are declarations or needed to find them. */
export function declarationsOf(name: string, files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const told = [...files].filter(([path]) => /\.d\.[cm]?ts$/.test(path) || /(?:^|\/)package\.json$/.test(path));
  return new Map(told.map(([path, text]) => [`node_modules/${name}/${path}`, text]));
}

/** The package in which the declarations of another are published. */
export const typesPackageOf = (name: string): string =>
  `@types/${name.startsWith('@') ? name.slice(1).replace('/', '__') : name}`;

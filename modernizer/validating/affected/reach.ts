// Which files of a project come to use a package, over whatever of its own files they load. Pure.
// Not here: what a configuration brings in (a transform, a preset): the whole suite is run besides, and judges.

/** Texts of the project's sources by path with `/`. */
export type Sources = ReadonlyMap<string, string>;

/** `import … from 'x'`, `import 'x'`, `export … from 'x'`, `import('x')`, `require('x')`, `require.resolve('x')`. */
const LOADS =
  /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire(?:\.resolve)?\s*\(\s*)(?:'([^'\n]+)'|"([^"\n]+)"|`([^`\n$]+)`)/g;
const ENDINGS = [
  '',
  '.js',
  '.ts',
  '.mjs',
  '.cjs',
  '.jsx',
  '.tsx',
  '.mts',
  '.cts',
  '/index.js',
  '/index.ts',
  '/index.mjs',
];

/** Of these files, those that reach one of the packages. */
export function reaching(sources: Sources, files: readonly string[], packages: readonly string[]): readonly string[] {
  const wanted = new Set(packages);
  const known = new Map<string, readonly string[]>();
  const loadsOf = (path: string): readonly string[] => {
    const before = known.get(path);
    if (before !== undefined) return before;
    const found = loadedBy(sources.get(path) ?? '');
    known.set(path, found);
    return found;
  };
  return files.filter((file) => {
    const met = new Set([file]);
    // The set grows while it is walked.
    for (const path of met) {
      for (const name of loadsOf(path)) {
        if (!name.startsWith('.')) {
          if (wanted.has(packageOf(name))) return true;
          continue;
        }
        const own = resolved(sources, path, name);
        if (own !== undefined) met.add(own);
      }
    }
    return false;
  });
}

const loadedBy = (text: string): readonly string[] =>
  [...text.matchAll(LOADS)].map(([, single, double, back]) => single ?? double ?? back ?? '');

/** `@scope/name/deep` is of `@scope/name`. */
const packageOf = (name: string): string =>
  name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');

function resolved(sources: Sources, from: string, name: string): string | undefined {
  const parts = from.split('/').slice(0, -1);
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  const base = parts.join('/');
  // TypeScript names a file by what it becomes.
  const asSource = base.replace(/\.([mc]?)js$/, '.$1ts');
  const candidates = [...ENDINGS.map((ending) => base + ending), asSource, base === '' ? 'index.js' : ''];
  return candidates.find((path) => sources.has(path));
}

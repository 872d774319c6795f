// Reads a package.json and changes single ranges in it.
// Rule: an edit touches the bytes of the one value it is about; order, indentation and comments-by-habit stay.
// Not here: what a range should become (ranges.ts) and why (../../planning).

import { applyEdits, modify, parse, printParseErrorCode, type ParseError } from 'jsonc-parser';
import * as z from 'zod';

import type { DependencyKind } from '../../protocol/index.ts';

const ranges = z.record(z.string(), z.string()).catch({});

const ManifestJson = z.object({
  name: z.string().catch(''),
  version: z.string().catch('0.0.0'),
  type: z.string().optional().catch(undefined),
  main: z.string().optional().catch(undefined),
  exports: z.unknown().optional(),
  bin: z.unknown().optional(),
  scripts: ranges,
  engines: ranges,
  dependencies: ranges,
  devDependencies: ranges,
  optionalDependencies: ranges,
  peerDependencies: ranges,
  workspaces: z.unknown().optional(),
  packageManager: z.string().optional().catch(undefined),
});

export type Manifest = Readonly<z.infer<typeof ManifestJson>> & { readonly text: string };

export type ManifestReading =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly line: number };

/** The manifest in a package.json's text, or why it cannot be read and in which line. */
export function readManifest(text: string): ManifestReading {
  const errors: ParseError[] = [];
  const json: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { disallowComments: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split('\n').length;
    return { kind: 'unreadable', reason: spoken(printParseErrorCode(error.error)), line };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return { kind: 'unreadable', reason: 'it holds no object', line: 1 };
  }
  const manifest = ManifestJson.parse(json);
  return { kind: 'manifest', manifest: { ...manifest, text } };
}

export interface RangeChange {
  readonly kind: DependencyKind;
  readonly name: string;
  readonly toRange: string;
}

/** The text with each range changed and nothing else. */
export const withRanges = (text: string, changes: readonly RangeChange[]): string =>
  changes.reduce((changed, { kind, name, toRange }) => withValue(changed, [kind, name], toRange), text);

/** The text with another `engines.node`. */
export const withNodeEngine = (text: string, range: string): string => withValue(text, ['engines', 'node'], range);

function withValue(text: string, path: string[], value: string): string {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '  ';
  const formattingOptions = {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}

/** `PropertyNameExpected` as a person says it: `property name expected`. */
const spoken = (code: string): string =>
  code
    .replaceAll(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
    .toLowerCase();

// One edit that an editor tells of, into the spool.

import { resolve } from 'node:path';

import { ignoreRules } from '../working-copy/ignore-rules.ts';
import type { EditorEdit } from './editor-protocol.ts';
import { readKnownFiles, writeKnownFiles } from './known-files.ts';
import { lookAtNamed, pathsFromRoot } from './look.ts';
import { encodeEntry } from './spool-entry.ts';
import { appendToSpool } from './spool.ts';

export type KeptEdit = { readonly kind: 'kept' } | { readonly kind: 'refused'; readonly why: string };

export function keepEdit(root: string, edit: EditorEdit, nowMs: number): KeptEdit {
  const inside = resolve(root, '.atomic');
  const [path] = pathsFromRoot(root, root, [edit.path]);
  if (path === undefined) return { kind: 'refused', why: 'The path lies outside of the repository.' };
  const rules = ignoreRules(root);
  const looked = { root, known: readKnownFiles(inside), rows: () => [], rules: () => rules, nowMs };
  const look = lookAtNamed(looked, [path]);
  if (look.seen.length === 0) return { kind: 'refused', why: 'The file is ignored, or not looked into by its name.' };
  const { actor, editor, model, lines } = edit;
  const entry = encodeEntry({ kind: 'edit', at: edit.at ?? nowMs, actor, editor, model, lines, seen: look.seen });
  if (!appendToSpool(inside, entry)) return { kind: 'refused', why: 'There is no room for it.' };
  writeKnownFiles(inside, look.known);
  return { kind: 'kept' };
}

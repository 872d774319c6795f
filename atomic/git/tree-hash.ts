// The name that git gives to a tree of files: what proves that an imported commit is byte for byte the same.

import { createHash } from 'node:crypto';

import type { GitEntry } from './read-history.ts';

export const blobName = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

const TREE_MODE = '40000';

/** The name of the tree with these files; empty folders are not part of it. */
export function treeName(entries: Iterable<readonly [string, GitEntry]>): string {
  const root = new Map<string, Node>();
  for (const [path, entry] of entries) {
    const steps = path.split('/');
    let folder = root;
    for (const step of steps.slice(0, -1)) {
      const next = folder.get(step);
      if (next instanceof Map) folder = next;
      else {
        const made = new Map<string, Node>();
        folder.set(step, made);
        folder = made;
      }
    }
    folder.set(steps.at(-1) ?? '', entry);
  }
  return nameOf(root).toString('hex');
}

type Node = Map<string, Node> | GitEntry;

function nameOf(folder: ReadonlyMap<string, Node>): Buffer {
  const rows = [...folder].map(([name, node]) => ({
    name: Buffer.from(name),
    // git sorts a folder as if its name ended with a slash.
    key: Buffer.from(node instanceof Map ? `${name}/` : name),
    mode: node instanceof Map ? TREE_MODE : node.mode.replace(/^0+/, ''),
    object: node instanceof Map ? nameOf(node) : Buffer.from(node.object, 'hex'),
  }));
  rows.sort((a, b) => Buffer.compare(a.key, b.key));
  const body = Buffer.concat(
    rows.flatMap(({ mode, name, object }) => [Buffer.from(`${mode} `), name, Buffer.of(0), object]),
  );
  return createHash('sha1').update(`tree ${body.length}\0`).update(body).digest();
}

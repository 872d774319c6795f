// A tree of files whose git name is kept up to date: only folders on the way to a change are named anew.

import { createHash } from 'node:crypto';

import type { GitEntry } from './read-history.ts';

interface Folder {
  readonly children: Map<string, Folder | GitEntry>;
  name: Buffer | null;
}

const FOLDER_MODE = '40000';
const isFolder = (node: Folder | GitEntry): node is Folder => 'children' in node;
const newFolder = (): Folder => ({ children: new Map(), name: null });

export class GitTree {
  readonly #root = newFolder();

  put(path: string, entry: GitEntry): void {
    const steps = path.split('/');
    const file = steps.pop() ?? '';
    let folder = this.#root;
    folder.name = null;
    for (const step of steps) {
      const next = folder.children.get(step);
      const inside = next !== undefined && isFolder(next) ? next : newFolder();
      folder.children.set(step, inside);
      inside.name = null;
      folder = inside;
    }
    folder.children.set(file, entry);
  }

  /** Folders without files go too: git has none. */
  remove(path: string): void {
    const way: { readonly folder: Folder; readonly step: string }[] = [];
    let folder = this.#root;
    for (const step of path.split('/')) {
      folder.name = null;
      way.push({ folder, step });
      const next = folder.children.get(step);
      if (next === undefined || !isFolder(next)) break;
      folder = next;
    }
    for (const { folder: inside, step } of way.reverse()) {
      const node = inside.children.get(step);
      if (node !== undefined && (!isFolder(node) || node.children.size === 0)) inside.children.delete(step);
    }
  }

  /** 40 hexadecimal digits. */
  name(): string {
    return nameOf(this.#root).toString('hex');
  }
}

function nameOf(folder: Folder): Buffer {
  if (folder.name !== null) return folder.name;
  const rows = [...folder.children].map(([name, node]) => ({
    name: Buffer.from(name),
    // git sorts a folder as if its name ended with a slash.
    key: Buffer.from(isFolder(node) ? `${name}/` : name),
    mode: isFolder(node) ? FOLDER_MODE : node.mode.replace(/^0+/, ''),
    object: isFolder(node) ? nameOf(node) : Buffer.from(node.object, 'hex'),
  }));
  rows.sort((a, b) => Buffer.compare(a.key, b.key));
  const body = Buffer.concat(
    rows.flatMap(({ mode, name, object }) => [Buffer.from(`${mode} `), name, Buffer.of(0), object]),
  );
  folder.name = createHash('sha1').update(`tree ${body.length}\0`).update(body).digest();
  return folder.name;
}

export const blobName = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

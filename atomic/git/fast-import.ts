// The language of `git fast-import`, written to a file so that a history of any length needs no memory.

import { closeSync, openSync, writeSync } from 'node:fs';

import type { Instant } from 'kernel/basics';

import type { Author } from '../patches/patch.ts';

/** Written at once. */
const BUFFER_BYTES = 1024 * 1024;

export interface CommitToWrite {
  readonly ref: string;
  readonly mark: number;
  readonly author: Author;
  readonly at: Instant;
  readonly zoneMinutes: number;
  readonly message: string;
  /** Names or marks (`:3`) of commits, the first one first. */
  readonly parents: readonly string[];
}

export class FastImportFile {
  readonly #file: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'wx', 0o600);
  }

  commit({ ref, mark, author, at, zoneMinutes, message, parents }: CommitToWrite): void {
    const who = `${identityText(author)} ${Math.floor(at / 1000)} ${zoneText(zoneMinutes)}`;
    this.#line(`commit ${ref}`);
    this.#line(`mark :${mark}`);
    this.#line(`author ${who}`);
    this.#line(`committer ${who}`);
    this.#data(Buffer.from(message));
    const [first, ...others] = parents;
    if (first !== undefined) this.#line(`from ${first}`);
    for (const other of others) this.#line(`merge ${other}`);
  }

  remove(path: string): void {
    this.#line(`D ${quoted(path)}`);
  }

  write(path: string, mode: string, bytes: Buffer): void {
    this.#line(`M ${mode} inline ${quoted(path)}`);
    this.#data(bytes);
  }

  submodule(path: string, commit: string): void {
    this.#line(`M 160000 ${commit} ${quoted(path)}`);
  }

  /** Notes for commits, on a branch of their own. */
  notes(ref: string, who: string, { goesOn }: { readonly goesOn: boolean }): void {
    this.#line(`commit ${ref}`);
    this.#line(`committer ${who}`);
    this.#data(Buffer.from('Notes of who wrote what\n'));
    if (goesOn) this.#line(`from ${ref}^0`);
  }

  note(commit: string, text: string): void {
    this.#line(`N inline ${commit}`);
    this.#data(Buffer.from(text));
  }

  close(): void {
    this.#line('done');
    this.#flush();
    closeSync(this.#file);
  }

  #line(text: string): void {
    this.#put(Buffer.from(`${text}\n`));
  }

  #data(bytes: Buffer): void {
    this.#line(`data ${bytes.length}`);
    this.#put(bytes);
    this.#line('');
  }

  #put(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > BUFFER_BYTES) this.#flush();
  }

  #flush(): void {
    const bytes = Buffer.concat(this.#parts);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#file, bytes, done);
    this.#parts = [];
    this.#bytes = 0;
  }
}

/** Git ends a name at `<` and a line at its end. */
export function identityText({ name, email }: Author): string {
  const plain = (text: string): string => text.replaceAll(/[<>\n\r\0]/g, ' ').trim();
  const said = plain(name);
  return `${said === '' ? '' : `${said} `}<${plain(email)}>`;
}

export function zoneText(minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}${two(size % 60)}`;
}

/** As C writes a text, so that no name can end its line. */
const quoted = (path: string): string =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t')}"`;

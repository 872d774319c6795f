// A repository in a folder of its own, for tests: files are written, recorded and looked at as a person would.

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { instant } from 'kernel/basics';

import type { PatchNumber } from '../patches/facts.ts';
import { initRepository, openRepository, type Repository } from '../repository/repository.ts';
import { applyPatches, unrecordPatches } from './change-channel.ts';
import { workingCopy } from './changes.ts';
import { recordChanges, type RecordChangesOutcome } from './record-changes.ts';

export class Folder {
  readonly root: string;
  repository: Repository;
  #records = 0;

  constructor() {
    this.root = mkdtempSync(join(tmpdir(), 'atomic-folder-'));
    this.repository = initRepository(this.root);
  }

  write(path: string, text: string | Buffer, executable = false): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
    if (executable) chmodSync(join(this.root, path), 0o755);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true });
  }

  move(from: string, to: string): void {
    mkdirSync(dirname(join(this.root, to)), { recursive: true });
    renameSync(join(this.root, from), join(this.root, to));
  }

  /** Files on the disk, sorted. */
  files(): readonly string[] {
    return readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length + 1))
      .filter((path) => !path.startsWith('.atomic/'))
      .sort();
  }

  status(): readonly string[] {
    return workingCopy(this.repository, this.repository.view()).changes.map(({ kind, path }) => `${kind} ${path}`);
  }

  tryRecord(message = 'a change'): RecordChangesOutcome {
    this.#records += 1;
    return recordChanges(this.repository, {
      header: {
        message,
        description: '',
        at: instant(Date.UTC(2026, 0, 1) + this.#records * 1000),
        zoneMinutes: 0,
        authors: [{ name: 'Test', email: 'test@example.com' }],
      },
      actor: 'Test',
      isChosen: () => true,
    });
  }

  record(message?: string): PatchNumber {
    const outcome = this.tryRecord(message);
    if (outcome.kind !== 'recorded') throw new Error(`Nothing was recorded: ${JSON.stringify(outcome)}.`);
    return outcome.number;
  }

  apply(channel: string, ...patches: readonly PatchNumber[]): void {
    applyPatches(this.repository, patches, { channel, op: 'apply', actor: 'Test' });
  }

  unrecord(...patches: readonly PatchNumber[]): string {
    const command = { channel: this.repository.store.channels.current(), op: 'unrecord', actor: 'Test' };
    return unrecordPatches(this.repository, patches, { ...command, withDependents: false }).kind;
  }

  reopen(): void {
    this.repository.close();
    this.repository = openRepository(this.root);
  }

  [Symbol.dispose](): void {
    this.repository.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

// The audit log: one line for each command, chained by hashes.
// Rule: a line's hash covers all of it and the hash of the line before; the hash before is not kept twice.

import { createHash } from 'node:crypto';

import { instant } from 'kernel/basics';

import type { AuditEntry, AuditLine, AuditVerdict, ChannelChange } from './audit-face.ts';
import { parseChanges } from './channel-changes.ts';
import type { Database, Row } from './database.ts';
import { limitPassed, storeDamaged } from './faults.ts';
import type { AuditLog } from './store.ts';

const DOMAIN = 'atomic.audit.v1\0';
const FIRST = new Uint8Array(32);
/** Arguments are what somebody typed; a list of all patches of a pull is in the changes. */
const ARGS_MAX = 256 * 1024;
const LINES_MAX = 1000;
const COLUMNS = 'n, at, op, args, actor, channel, root_before, root_after, changes, hash';

export interface AuditDraft extends AuditEntry {
  readonly at: number;
  readonly channel: string;
  readonly rootBefore: Uint8Array;
  readonly rootAfter: Uint8Array;
  readonly changes: readonly ChannelChange[];
}

export function appendAudit(database: Database, draft: AuditDraft): void {
  const last = database.row('SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1');
  const n = last === undefined ? 1 : database.number(last, 0) + 1;
  const args = JSON.stringify(draft.args ?? null);
  if (args.length > ARGS_MAX) throw limitPassed(`The audit line of "${draft.op}"`, '256 KiB');
  const texts: LineTexts = { ...draft, n, args, changes: JSON.stringify(draft.changes) };
  database.run(
    'INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    n,
    texts.at,
    texts.op,
    texts.args,
    texts.actor,
    texts.channel,
    texts.rootBefore,
    texts.rootAfter,
    texts.changes,
    hashOf(texts, last === undefined ? FIRST : database.bytes(last, 1)),
  );
}

export function auditLogOf(database: Database): AuditLog {
  return {
    lines: ({ before = Number.MAX_SAFE_INTEGER, limit = LINES_MAX } = {}) =>
      database
        .rows(`SELECT ${COLUMNS} FROM audit WHERE n < ? ORDER BY n DESC LIMIT ?`, before, Math.min(limit, LINES_MAX))
        .map((row) => lineIn(database, row)),
    line: (n) => {
      const row = database.row(`SELECT ${COLUMNS} FROM audit WHERE n = ?`, n);
      return row === undefined ? undefined : lineIn(database, row);
    },
    verify: () => verifyAuditOf(database),
  };
}

interface LineTexts {
  readonly n: number;
  readonly at: number;
  readonly op: string;
  readonly args: string;
  readonly actor: string;
  readonly channel: string;
  readonly rootBefore: Uint8Array;
  readonly rootAfter: Uint8Array;
  readonly changes: string;
}

function hashOf(line: LineTexts, previous: Uint8Array): Uint8Array {
  const texts = JSON.stringify([line.n, line.at, line.op, line.args, line.actor, line.channel, line.changes]);
  return createHash('sha256')
    .update(DOMAIN)
    .update(previous)
    .update(line.rootBefore)
    .update(line.rootAfter)
    .update(texts)
    .digest();
}

const textsIn = (database: Database, row: Row): LineTexts => ({
  n: database.number(row, 0),
  at: database.number(row, 1),
  op: database.text(row, 2),
  args: database.text(row, 3),
  actor: database.text(row, 4),
  channel: database.text(row, 5),
  rootBefore: database.bytes(row, 6),
  rootAfter: database.bytes(row, 7),
  changes: database.text(row, 8),
});

function lineIn(database: Database, row: Row): AuditLine {
  const texts = textsIn(database, row);
  const before = database.row('SELECT hash FROM audit WHERE n = ?', texts.n - 1);
  return {
    ...texts,
    at: instant(texts.at),
    args: parsed(database, texts.args),
    changes: changesIn(database, texts.changes),
    previousHash: before === undefined ? FIRST : database.bytes(before, 0),
    hash: database.bytes(row, 9),
  };
}

function parsed(database: Database, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw storeDamaged(database.path, cause);
  }
}

function changesIn(database: Database, text: string): readonly ChannelChange[] {
  const changes = parseChanges(parsed(database, text));
  if (changes === undefined) throw storeDamaged(database.path);
  return changes;
}

export function verifyAuditOf(database: Database): AuditVerdict {
  let previous: Uint8Array = FIRST;
  let n = 0;
  for (;;) {
    const rows = database.rows(`SELECT ${COLUMNS} FROM audit WHERE n > ? ORDER BY n LIMIT ${LINES_MAX}`, n);
    for (const row of rows) {
      const line = textsIn(database, row);
      if (line.n !== n + 1) return { kind: 'broken', n: n + 1, why: 'The line is not there.' };
      const hash = database.bytes(row, 9);
      if (Buffer.compare(hash, hashOf(line, previous)) !== 0) {
        return { kind: 'broken', n: line.n, why: 'The line, or one before it, is not as it was written.' };
      }
      previous = hash;
      n = line.n;
    }
    if (rows.length < LINES_MAX) return { kind: 'whole', lines: n };
  }
}

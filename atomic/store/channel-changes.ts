// Reads what a line of the audit log says of channels. By hand: a schema library costs a command more than the store.

import type { ChannelChange, NumberRun } from './audit-face.ts';

/** The changes, or undefined where it is anything else. */
export function parseChanges(value: unknown): readonly ChannelChange[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const changes = value.map(parseChange);
  return changes.every((change) => change !== undefined) ? changes : undefined;
}

function parseChange(value: unknown): ChannelChange | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('channel' in value)) return undefined;
  const { kind, channel } = value;
  if (typeof channel !== 'string') return undefined;
  if (kind === 'created') return parseCreated(channel, value);
  if (kind === 'renamed' || kind === 'switched') {
    return 'to' in value && typeof value.to === 'string' ? { kind, channel, to: value.to } : undefined;
  }
  if (kind === 'deleted') {
    const patches = 'patches' in value ? parseRuns(value.patches) : undefined;
    return patches === undefined ? undefined : { kind, channel, patches };
  }
  return kind === 'patches' ? parsePatches(channel, value) : undefined;
}

function parseCreated(channel: string, value: object): ChannelChange | undefined {
  const from = 'from' in value ? value.from : undefined;
  return from === null || typeof from === 'string' ? { kind: 'created', channel, from } : undefined;
}

function parsePatches(channel: string, value: object): ChannelChange | undefined {
  const added = 'added' in value ? parseRuns(value.added) : undefined;
  const removed = 'removed' in value ? parseRuns(value.removed) : undefined;
  return added === undefined || removed === undefined ? undefined : { kind: 'patches', channel, added, removed };
}

function parseRuns(value: unknown): readonly NumberRun[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const runs = value.map(parseRun);
  return runs.every((run) => run !== undefined) ? runs : undefined;
}

function parseRun(value: unknown): NumberRun | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [first, last]: readonly unknown[] = value;
  return Number.isSafeInteger(first) && typeof first === 'number' && typeof last === 'number' && first <= last
    ? [first, last]
    : undefined;
}

// Reads the parts of a patch of several hands. Rule: they are in order, never empty, and never overlap, so that each byte
// of the patch has one actor.

import { ACTORS, type Hunk, type Model, type Span } from './attribution.ts';
import { ByteReader } from './canonical-bytes.ts';
import { HUNK_BITS, TEXT_BYTES_MAX } from './encode-attribution.ts';
import { attributionMalformed } from './faults.ts';
import { readFields } from './read-fields.ts';

export function decodeHunks(bytes: Uint8Array | null): readonly Hunk[] {
  if (bytes === null) return [];
  const reader = new ByteReader(bytes, attributionMalformed);
  const hunks: Hunk[] = [];
  let atom = 0;
  while (!reader.isAtEnd) {
    const head = reader.varint();
    atom += Math.floor(head / HUNK_BITS.atomStep);
    hunks.push(decodeHunk(reader, head % HUNK_BITS.atomStep, atom));
  }
  const wrong = misplacedHunk(hunks);
  if (wrong !== undefined) throw attributionMalformed(`A part of atom ${wrong.atom} overlaps another, or is empty.`);
  return hunks;
}

/** The first part that is empty, or that does not lie behind the one before it. */
function misplacedHunk(hunks: readonly Hunk[]): Hunk | undefined {
  return hunks.find((hunk, index) => {
    if (hunk.span !== null && hunk.span.start >= hunk.span.end) return true;
    const before = hunks[index - 1];
    if (before === undefined || before.atom < hunk.atom) return false;
    if (before.atom > hunk.atom || before.span === null || hunk.span === null) return true;
    return before.span.end > hunk.span.start;
  });
}

function decodeHunk(reader: ByteReader, flags: number, atom: number): Hunk {
  const actor = ACTORS[flags & HUNK_BITS.actor] ?? 'untracked';
  const span = (flags & HUNK_BITS.hasSpan) === 0 ? null : readSpan(reader);
  const model = (flags & HUNK_BITS.hasModel) === 0 ? null : readModel(reader);
  const toolUseId = (flags & HUNK_BITS.hasToolUse) === 0 ? null : readText(reader);
  if (actor === 'ai' || actor === 'mixed') return { atom, span, actor, model, toolUseId };
  if (model !== null || toolUseId !== null)
    throw attributionMalformed('A part that is no AI’s names a model or a tool.');
  return { atom, span, actor };
}

function readSpan(reader: ByteReader): Span {
  const start = reader.varint();
  return { start, end: start + reader.varint() };
}

function readModel(reader: ByteReader): Model {
  const fields = readFields(new ByteReader(reader.bytes(), attributionMalformed));
  const model = fields.model();
  if (fields.rest().length > 0) throw attributionMalformed('Something stands behind the model of a part.');
  return model;
}

function readText(reader: ByteReader): string {
  const text = reader.text();
  if (text.length > TEXT_BYTES_MAX) throw attributionMalformed('The id of a tool use is too long.');
  return text;
}

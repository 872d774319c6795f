// The atoms of a patch as canonical bytes. The tag numbers are for ever: a new kind gets a new number.

import { unreachable } from 'kernel/basics';

import type { ByteReader, ByteWriter } from './bytes.ts';
import { encodingMalformed } from './faults.ts';
import {
  FILE_KINDS,
  META_KEYS,
  type Atom,
  type AtomReference,
  type BytePosition,
  type ByteRange,
  type FileKind,
  type InodeReference,
  type Insert,
  type MetaKey,
  type TextAtom,
  type TreeAtom,
} from './patch.ts';

const TAG = {
  'add-file': 1,
  locate: 2,
  'set-meta': 3,
  insert: 4,
  delete: 5,
  undelete: 6,
  order: 7,
  unorder: 8,
  acknowledge: 9,
} as const satisfies Record<Atom['kind'], number>;

/** What file systems allow for one name, in bytes of UTF-8. */
export const FILE_NAME_MAX = 255;
const VALUE_MAX = 255;

export function writeAtom(out: ByteWriter, atom: Atom): void {
  out.number(TAG[atom.kind]);
  switch (atom.kind) {
    case 'add-file':
    case 'locate':
    case 'set-meta':
      return writeTreeAtom(out, atom);
    default:
      return writeTextAtom(out, atom);
  }
}

function writeTreeAtom(out: ByteWriter, atom: TreeAtom): void {
  switch (atom.kind) {
    case 'add-file':
      out.number(atom.n);
      out.number(FILE_KINDS.indexOf(atom.fileKind));
      return;
    case 'locate':
      writeInode(out, atom.inode);
      out.number(atom.at === null ? 0 : atom.at.parent === null ? 1 : 2);
      if (atom.at !== null && atom.at.parent !== null) writeInode(out, atom.at.parent);
      if (atom.at !== null) out.text(atom.at.name);
      return writeList(out, atom.supersedes, writeAtomReference);
    case 'set-meta':
      writeInode(out, atom.inode);
      out.number(META_KEYS.indexOf(atom.key));
      out.text(atom.value);
      return writeList(out, atom.supersedes, writeAtomReference);
    default:
      return unreachable(atom);
  }
}

function writeTextAtom(out: ByteWriter, atom: TextAtom): void {
  writeInode(out, atom.inode);
  switch (atom.kind) {
    case 'insert':
      out.number(atom.start);
      out.number(atom.end - atom.start);
      writeList(out, atom.up, writePosition);
      writeList(out, atom.down, writePosition);
      writeList(out, atom.replaces, writeRange);
      return writeList(out, atom.origins, (to, origin) => {
        to.number(origin.at);
        writeRange(to, origin.from);
      });
    case 'delete':
      return writeList(out, atom.ranges, writeRange);
    case 'undelete':
    case 'acknowledge':
      out.number(atom.by);
      return writeList(out, atom.ranges, writeRange);
    case 'order':
      writePosition(out, atom.from);
      return writePosition(out, atom.to);
    case 'unorder':
      out.number(atom.by);
      writePosition(out, atom.from);
      return writePosition(out, atom.to);
    default:
      return unreachable(atom);
  }
}

/** Throws ATOMIC_ENCODING_MALFORMED. Whether what it says can be true is asked by validate-patch.ts. */
export function readAtom(input: ByteReader): Atom {
  const tag = input.number();
  switch (tag) {
    case TAG['add-file']:
      return { kind: 'add-file', n: input.number(), fileKind: fileKindOf(input.number()) };
    case TAG.locate:
      return readLocate(input);
    case TAG['set-meta']:
      return {
        kind: 'set-meta',
        inode: readInode(input),
        key: metaKeyOf(input.number()),
        value: input.text(VALUE_MAX),
        supersedes: readList(input, readAtomReference),
      };
    default:
      return readTextAtom(input, tag);
  }
}

function readLocate(input: ByteReader): Atom {
  const inode = readInode(input);
  const form = input.number();
  if (form > 2) throw encodingMalformed('a place is of no known form');
  const parent = form === 2 ? readInode(input) : null;
  const at = form === 0 ? null : { parent, name: input.text(FILE_NAME_MAX) };
  return { kind: 'locate', inode, at, supersedes: readList(input, readAtomReference) };
}

function readTextAtom(input: ByteReader, tag: number): TextAtom {
  if (tag < TAG.insert || tag > TAG.acknowledge) throw encodingMalformed(`it says something of unknown kind ${tag}`);
  const inode = readInode(input);
  switch (tag) {
    case TAG.insert:
      return readInsert(input, inode);
    case TAG.delete:
      return { kind: 'delete', inode, ranges: readList(input, readRange) };
    case TAG.order:
      return { kind: 'order', inode, from: readPosition(input), to: readPosition(input) };
    case TAG.unorder: {
      const by = input.number();
      return { kind: 'unorder', inode, from: readPosition(input), to: readPosition(input), by };
    }
    default: {
      const by = input.number();
      return { kind: tag === TAG.undelete ? 'undelete' : 'acknowledge', inode, by, ranges: readList(input, readRange) };
    }
  }
}

function readInsert(input: ByteReader, inode: InodeReference): Insert {
  const start = input.number();
  return {
    kind: 'insert',
    inode,
    start,
    end: start + input.number(),
    up: readList(input, readPosition),
    down: readList(input, readPosition),
    replaces: readList(input, readRange),
    origins: readList(input, (from) => ({ at: from.number(), from: readRange(from) })),
  };
}

const writeInode = (out: ByteWriter, { of, n }: InodeReference): void => {
  out.number(of);
  out.number(n);
};
const readInode = (input: ByteReader): InodeReference => ({ of: input.number(), n: input.number() });

const writePosition = (out: ByteWriter, { of, offset }: BytePosition): void => {
  out.number(of);
  out.number(offset);
};
const readPosition = (input: ByteReader): BytePosition => ({ of: input.number(), offset: input.number() });

const writeRange = (out: ByteWriter, { of, start, end }: ByteRange): void => {
  out.number(of);
  out.number(start);
  out.number(end - start);
};
const readRange = (input: ByteReader): ByteRange => {
  const of = input.number();
  const start = input.number();
  return { of, start, end: start + input.number() };
};

const writeAtomReference = (out: ByteWriter, { of, atom }: AtomReference): void => {
  out.number(of);
  out.number(atom);
};
const readAtomReference = (input: ByteReader): AtomReference => ({ of: input.number(), atom: input.number() });

function writeList<T>(out: ByteWriter, list: readonly T[], write: (out: ByteWriter, entry: T) => void): void {
  out.number(list.length);
  for (const entry of list) write(out, entry);
}

const readList = <T>(input: ByteReader, read: (input: ByteReader) => T): readonly T[] =>
  Array.from({ length: input.count() }, () => read(input));

function fileKindOf(number: number): FileKind {
  const kind = FILE_KINDS[number];
  if (kind === undefined) throw encodingMalformed(`a file is of unknown kind ${number}`);
  return kind;
}

function metaKeyOf(number: number): MetaKey {
  const key = META_KEYS[number];
  if (key === undefined) throw encodingMalformed(`a property of a file is of unknown kind ${number}`);
  return key;
}

// Facts as the repository keeps them beside its patches: derived, under local numbers, small, and quick to read.
// Rule: nothing of it is ever sent or hashed; atomic doctor makes it anew from the patches and compares.

import { ByteReader, ByteWriter } from './bytes.ts';
import { factsDamaged } from './faults.ts';
import type { PatchNumber, Position, Range, TextFacts } from './facts.ts';
import type { AssertionId, TreeFact, TreeFacts } from './file-tree.ts';
import { FILE_KINDS, META_KEYS } from './patch.ts';
import { FILE_NAME_MAX } from './encode-atom.ts';

export function packText(facts: TextFacts): Uint8Array {
  const out = new ByteWriter();
  const own = facts.patch;
  const position = ({ patch, offset }: Position): void => {
    out.number(own - patch);
    out.number(offset);
  };
  const range = ({ patch, start, end }: Range): void => {
    out.number(own - patch);
    out.number(start);
    out.number(end - start);
  };
  const list = <T>(entries: readonly T[], write: (entry: T) => void): void => {
    out.number(entries.length);
    entries.forEach(write);
  };
  list(facts.inserts, ({ start, end, up, down, replaces, origins }) => {
    out.number(start);
    out.number(end - start);
    list(up, position);
    list(down, position);
    list(replaces, range);
    list(origins, ({ at, from }) => {
      out.number(at);
      range(from);
    });
  });
  list(facts.deletes, range);
  const isPlain = [facts.undeletes, facts.orders, facts.unorders, facts.acknowledges].every(
    ({ length }) => length === 0,
  );
  if (isPlain) return out.finish();
  const by = (fact: { readonly range: Range; readonly by: PatchNumber }): void => {
    range(fact.range);
    out.number(own - fact.by);
  };
  list(facts.undeletes, by);
  list(facts.acknowledges, by);
  list(facts.orders, ({ from, to }) => {
    position(from);
    position(to);
  });
  list(facts.unorders, ({ from, to, by: patch }) => {
    position(from);
    position(to);
    out.number(own - patch);
  });
  return out.finish();
}

export function unpackText(patch: PatchNumber, bytes: Uint8Array): TextFacts {
  const input = new ByteReader(bytes);
  const number = (): PatchNumber => {
    const back = input.number();
    if (back > patch) throw factsDamaged(patch);
    return patch - back;
  };
  const position = (): Position => ({ patch: number(), offset: input.number() });
  const range = (): Range => {
    const of = number();
    const start = input.number();
    return { patch: of, start, end: start + input.number() };
  };
  const list = <T>(read: () => T): T[] => {
    const count = input.count();
    const entries: T[] = [];
    for (let index = 0; index < count; index += 1) entries.push(read());
    return entries;
  };
  const inserts = list(() => {
    const start = input.number();
    return {
      start,
      end: start + input.number(),
      up: list(position),
      down: list(position),
      replaces: list(range),
      origins: list(() => ({ at: input.number(), from: range() })),
    };
  });
  const deletes = list(range);
  if (input.left === 0) {
    return { patch, inserts, deletes, undeletes: [], orders: [], unorders: [], acknowledges: [] };
  }
  const by = (): { range: Range; by: PatchNumber } => ({ range: range(), by: number() });
  const undeletes = list(by);
  const acknowledges = list(by);
  const orders = list(() => ({ from: position(), to: position() }));
  const unorders = list(() => ({ from: position(), to: position(), by: number() }));
  input.end();
  return { patch, inserts, deletes, undeletes, orders, unorders, acknowledges };
}

const TREE_KINDS = ['add-file', 'locate', 'set-meta'] as const satisfies readonly TreeFact['kind'][];
/** A place is gone, at the top, or in a directory. */
const PLACE = { gone: 0, top: 1, inside: 2 } as const;
const VALUE_MAX = 255;

export function packTree({ patch, facts }: TreeFacts): Uint8Array {
  const out = new ByteWriter();
  for (const fact of facts) {
    out.number(TREE_KINDS.indexOf(fact.kind));
    out.number(fact.inode);
    if (fact.kind === 'add-file') {
      out.number(fact.n);
      out.number(FILE_KINDS.indexOf(fact.fileKind));
      continue;
    }
    out.number(fact.atom);
    out.number(fact.supersedes.length);
    for (const each of fact.supersedes) {
      out.number(patch - each.patch);
      out.number(each.atom);
    }
    if (fact.kind === 'set-meta') {
      out.number(META_KEYS.indexOf(fact.key));
      out.text(fact.value);
    } else {
      out.number(fact.at === null ? PLACE.gone : fact.at.parent === null ? PLACE.top : PLACE.inside);
      if (fact.at !== null && fact.at.parent !== null) out.number(fact.at.parent);
      if (fact.at !== null) out.text(fact.at.name);
    }
  }
  return out.finish();
}

export function unpackTree(patch: PatchNumber, bytes: Uint8Array): TreeFacts {
  const input = new ByteReader(bytes);
  const facts: TreeFact[] = [];
  while (input.left > 0) {
    const kind = TREE_KINDS[input.number()];
    const inode = input.number();
    if (kind === 'add-file') {
      const n = input.number();
      facts.push({ kind, inode, n, fileKind: FILE_KINDS[input.number()] ?? 'text' });
      continue;
    }
    const atom = input.number();
    const supersedes: AssertionId[] = [];
    const count = input.count();
    for (let index = 0; index < count; index += 1)
      supersedes.push({ patch: patch - input.number(), atom: input.number() });
    if (kind === 'set-meta') {
      const key = META_KEYS[input.number()] ?? 'kind';
      facts.push({ kind, atom, inode, key, value: input.text(VALUE_MAX), supersedes });
    } else if (kind === 'locate') {
      const form = input.number(PLACE.inside);
      const parent = form === PLACE.inside ? input.number() : null;
      const at = form === PLACE.gone ? null : { parent, name: input.text(FILE_NAME_MAX) };
      facts.push({ kind, atom, inode, at, supersedes });
    } else throw factsDamaged(patch);
  }
  return { patch, facts };
}

// Histories that benches measure on: a file of many lines, and patches that each change one line of it, unknown to each
// other or one after another.

import { instant } from 'kernel/basics';
import {
  addPatch,
  contentsHashOf,
  DraftBuilder,
  namePatch,
  patchOfDraft,
  recordDraft,
  type Header,
  type PatchNumber,
  type Repository,
} from 'atomic/repository';

const LINE = 'a line of text as programs have them, number ';
/** Far from any multiple of it, so that neighbours are rarely changed one after the other. */
const STRIDE = 7919;

export const header = (message: string, at = 0): Header => ({
  message,
  description: '',
  at: instant(Date.UTC(2026, 0, 1) + at * 1000),
  zoneMinutes: 0,
  authors: [{ name: 'Bench', email: 'bench@example.com' }],
});

/** Lines of about fifty bytes. */
export const manyLines = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${LINE}${String(index).padStart(6, '0')}\n`);

export const changedLine = (lines: readonly string[], round: number): number => (round * STRIDE) % lines.length;

/** Records the file that all the others change. */
export function recordFirstFile(repository: Repository, lines: readonly string[]): void {
  const view = repository.view();
  const builder = new DraftBuilder(view);
  builder.add('file.txt', { kind: 'text', isExecutable: false }, Buffer.from(lines.join('')));
  recordDraft(repository, builder, { header: header('base'), channel: 'main', view, audit: audit('record') });
}

export const audit = (op: string): { op: string; args: unknown; actor: string } => ({ op, args: {}, actor: 'bench' });

/** One line is changed and recorded, on top of what is there. Durable when it returns. */
export function recordLine(repository: Repository, lines: string[], round: number): void {
  lines[changedLine(lines, round)] = `changed in round ${round}\n`;
  const view = repository.view();
  const entry = view.tree().entries.get('file.txt');
  if (entry === undefined) throw new Error('There is no file.txt.');
  const builder = new DraftBuilder(view);
  builder.change(entry, Buffer.from(lines.join('')));
  const options = { header: header(`round ${round}`, round), channel: 'main', view, audit: audit('record') };
  if (recordDraft(repository, builder, options).kind !== 'recorded') throw new Error('The channel has moved.');
}

/** Patches that each change one line of the base and know nothing of each other; in no channel yet. */
export function independentPatches(
  repository: Repository,
  lines: readonly string[],
  count: number,
): readonly PatchNumber[] {
  const view = repository.view();
  const entry = view.tree().entries.get('file.txt');
  if (entry === undefined) throw new Error('There is no file.txt.');
  const numbers: PatchNumber[] = [];
  repository.store.write(null, (transaction) => {
    for (let round = 0; round < count; round += 1) {
      const mine = [...lines];
      mine[changedLine(lines, round)] = `changed by ${round}\n`;
      const builder = new DraftBuilder(view);
      builder.change(entry, Buffer.from(mine.join('')));
      const contents = builder.contents.finish();
      const { patch, hashed } = namePatch(
        patchOfDraft(
          {
            header: header(`independent ${round}`, round),
            tree: builder.tree,
            texts: builder.texts,
            known: builder.known,
            contentsHash: contentsHashOf(contents),
            contentsLength: contents.length,
            attributionCommitment: null,
          },
          repository.numbering,
        ),
      );
      const stored = { hash: patch.hash, hashed, contents, attribution: null, signatures: [] };
      numbers.push(addPatch(transaction, repository.numbering, { patch, stored, labels: null }).number);
    }
  });
  return numbers;
}

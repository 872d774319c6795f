export { createJournal } from './create-journal.ts';
export { runAmbiguous, runNotFound } from './faults.ts';
export {
  summaryOf,
  type Append,
  type Journal,
  type NewRun,
  type RunFilter,
  type RunRecord,
  type RunStart,
} from './journal.ts';
export { JOURNAL_MIGRATIONS, type JournalTables } from './tables.ts';

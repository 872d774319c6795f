export {
  summaryOf,
  type Append,
  type Journal,
  type NewRun,
  type RunFilter,
  type RunRecord,
  type RunStart,
} from './journal.ts';

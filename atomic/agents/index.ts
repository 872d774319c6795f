// The door of what joins agents, editors and git users to a repository.
//
// For commands that record (atomic record, atomic git import, MCP): call `settleHooks(repository)` before you read the
// working log (notes of kind `worklog`, ../working-copy/worklog-notes.ts). It folds what hooks and editors left in
// `.atomic/spool` into that log and looks once more at every file that the log speaks of, in one transaction; where there is
// nothing it costs a look at one folder. Then fold the log as ever (`foldWorklog`), let `withUse(repository, report)` add the
// tokens of the session, and call `spendUse(transaction, repository, report)` in `also` of the recording, so that they count
// once. `--split-by-actor`: after `settleHooks`, `splitWorklog` of ../hooks over the changed files.
// For programs that write code in their own process: `recordAs`.

export { recordAs, type RecordAs } from './record-as.ts';
export { serveEditors, type EditorServer } from './serve-editors.ts';
export { settleHooks } from './settle-hooks.ts';
export { spendUse, withUse } from './session-use.ts';

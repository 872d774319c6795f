export {
  answerNotesOf,
  sourceChangeOf,
  type AnswerNotes,
  type AnswerSource,
  type SourceChange,
} from './answer-notes.ts';
export type * from './models.ts';
export { LOCAL_PROVIDER, POLICIES, PROVIDERS, RULES_PROVIDER } from './models.ts';

export { NO_SECRETS } from './no-secrets.ts';
export type * from './guard.ts';
export { ANSWER_CHARS_MAX, createGuard } from './create-guard.ts';
export { cutSentences, SENTENCE_CHARS_MAX, SentenceCutter } from './cut-sentences.ts';

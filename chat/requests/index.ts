export { CACHE_BYTES_MAX, CACHE_MS, type CacheStats } from './answer-cache.ts';
export {
  browserWake,
  followAnswer,
  wakingClock,
  type FollowAnswer,
  type NumberedAnswerEvent,
  type Wake,
} from './answers.ts';
export { BATCH_MAX, BATCH_MS, createBatcher, type Batcher, type BatchItem } from './batcher.ts';
export {
  createChatApi,
  type Asking,
  type ChatApi,
  type Completed,
  type HistoryQuestion,
  type Keyed,
} from './chat-api.ts';
export { ChatError, handleApiError, type ChatErrorParts } from './chat-error.ts';
export {
  createRequests,
  RETRIES,
  RETRY_DELAY_MS,
  TIMEOUT_MS,
  type Method,
  type RequestOptions,
  type Requests,
  type RequestsOptions,
  type Schema,
} from './create-requests.ts';
export { ERROR_TEXTS, errorTextsFor, type ChatErrorKind, type ErrorKind, type ErrorTexts } from './error-texts.ts';
export {
  browserKeeping,
  createDrafts,
  memoryKeeping,
  rememberPlace,
  takePlace,
  type Drafts,
  type Keeping,
} from './keeping.ts';
export { createModulesApi, type ModulesApi, type Shelf } from './modules-api.ts';
export { RETRY_AFTER_MS_MAX } from './retries.ts';

export { CACHE_MIGRATIONS, createCache, type Cache } from './cache.ts';
export { maskedUrl } from './faults.ts';
export { jsonRows, jsonRowsText, jsonTexts, jsonTextsText, type JsonColumn } from './json-rows.ts';
export { runText } from './run-text.ts';
export { openStore, parseStoreUrl, sqliteUrl, type StoreOptions, type StoreUrl } from './open-store.ts';
export type { Dialect, Migration, MigrationList, Store, WriteOptions } from './store.ts';

export type { Dialect, Migration, MigrationList, Store, WriteOptions } from './store.ts';

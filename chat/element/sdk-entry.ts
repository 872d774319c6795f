// sdk.js: everything of a chat that needs no page, as one module.

export * from '../events/index.ts';
export * from '../modules/index.ts';
export * from '../requests/index.ts';
export {
  AT_THE_END,
  browserFrames,
  createThread,
  follow,
  openChat,
  SEED_MODULES,
  type OpenChat,
  type Thread,
} from '../thread/index.ts';

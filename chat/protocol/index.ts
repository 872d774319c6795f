export * from './answer-events.ts';
export * from './chat.ts';
export * from './message.ts';
export * from './modules.ts';

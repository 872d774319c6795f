export { defineTandemChat, TandemChat } from './tandem-chat.ts';

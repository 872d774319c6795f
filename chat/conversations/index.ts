export type { ImageModel } from './artifacts.ts';
export { createConversations, type ConversationPorts, type Conversations } from './conversations.ts';
export { getEmbed, visitorOf, VISITOR_TOKEN_START } from './embeds.ts';
export type { ChatRoutePorts } from './route-ports.ts';
export { historyOf } from './history.ts';
export { chatRoutes } from './routes.ts';
export { CHAT_MIGRATIONS } from './tables.ts';

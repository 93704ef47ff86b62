export { conversationArea } from './area.ts';
export { BODY_LIMIT } from './decide.ts';
export { createMessages, type Doorbell, type Letter, type MessageService, type ReadableMessage } from './service.ts';

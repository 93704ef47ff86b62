export { createMessages, type Doorbell, type Letter, type MessageService, type ReadableMessage } from './service.ts';

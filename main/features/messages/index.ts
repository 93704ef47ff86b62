export type { Court } from './court.ts';
export type { NegotiationService, Opening, Response } from './negotiations.ts';
export { isOwed } from './owed.ts';
export { createMessages, type Doorbell, type Letter, type MessageService, type ReadableMessage } from './service.ts';

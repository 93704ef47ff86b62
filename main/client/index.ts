/** The client of a running orchestrator: its operations, over the WebSocket of the server that owns the data folder. */
export { type Attached, attach } from './attach.ts';
export { type Follower, follow } from './follow.ts';

export { createExchanges } from './exchanges.ts';
export { type GuardLimits, LIMITS } from './limits.ts';
export type { Finding, Observation } from './observation.ts';
export { pingPongStart, watchPingPong } from './ping-pong.ts';
export { createGuards, type GuardedRun, type Guards } from './service.ts';
export { watchEach, watchStart } from './watch.ts';

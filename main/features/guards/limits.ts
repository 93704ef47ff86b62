import type { LoopLimits } from './loop.ts';
import type { PingPongLimits } from './ping-pong.ts';
import type { StallLimits } from './stall.ts';

/** When each guard steps in. */
export interface GuardLimits {
  readonly loop: LoopLimits;
  readonly stall: StallLimits;
  readonly pingPong: PingPongLimits;
}

/** What AIOS runs with, chosen by `npm run bench -- guard` under a limit on false alarms. */
export const LIMITS: GuardLimits = {
  loop: { alike: 0.8, repeats: 4, stopAfter: 3, memory: 64 },
  stall: { novelty: 0.3, idle: 24, stopAfter: 24, afterDone: 4, stopAfterDone: 10 },
  pingPong: { novelty: 0.3, stale: 4, stopAfter: 2 },
};

/** Minutes without any event, with no tool and no model call under way, after which a run counts as stuck. */
export const SILENT_MINUTES = 5;

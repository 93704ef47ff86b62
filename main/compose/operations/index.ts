import type { Operations } from '#main/server/operations.ts';
import type { Parts } from '../parts.ts';
import { VERSION } from '../version.ts';
import { feedOperations } from './feed.ts';
import { goalOperations } from './goals.ts';
import { projectOperations } from './projects.ts';
import { systemOperations } from './system.ts';

/** The contract, implemented on the parts of one orchestrator. */
export function createOperations(parts: Parts, shutdown: () => void): Operations {
  return {
    system: systemOperations(parts, VERSION, shutdown),
    projects: projectOperations(parts),
    goals: goalOperations(parts),
    feed: feedOperations(parts, parts.messages.conversations),
  };
}

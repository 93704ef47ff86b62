import type { Operations } from '#main/server/operations.ts';
import type { Parts } from '../parts.ts';
import { VERSION } from '../version.ts';
import { feedOperations } from './feed.ts';
import { goalOperations } from './goals.ts';
import { historyOperations } from './history.ts';
import { messageOperations } from './messages.ts';
import { planOperations } from './plan.ts';
import { projectOperations } from './projects.ts';
import { reviewOperations } from './review.ts';
import { settingsOperations } from './settings.ts';
import { setupOperations } from './setup.ts';
import { systemOperations } from './system.ts';
import { terminalOperations } from './terminals.ts';

/** The contract, implemented on the parts of one orchestrator. */
export function createOperations(parts: Parts, shutdown: () => void): Operations {
  const projects = projectOperations(parts);
  return {
    system: systemOperations(parts, VERSION, shutdown),
    projects,
    settings: settingsOperations(parts),
    setup: setupOperations(parts, projects),
    goals: goalOperations(parts),
    plan: planOperations(parts),
    messages: messageOperations(parts),
    review: reviewOperations(parts),
    terminal: terminalOperations(parts),
    feed: { ...feedOperations(parts, parts.messages.conversations), ...historyOperations(parts) },
  };
}

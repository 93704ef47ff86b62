import { realpathSync } from 'node:fs';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { PolicyContext } from './decide.ts';
import { realPlace } from './paths.ts';

export { type Action, aiosAction, type Decision, decide, type PolicyContext } from './decide.ts';

/** The context in which a run's tool calls are decided, on the real file system. */
export function policyContext(assignment: Assignment): PolicyContext {
  return {
    policy: assignment.policy,
    workspace: realpathSync.native(assignment.workspace),
    // The run's own folder holds large tool outputs that the driver sets aside for reading.
    readable: [...assignment.sandbox.readable, assignment.home].map(realPlace).filter((path) => path !== ''),
    realPlace,
  };
}

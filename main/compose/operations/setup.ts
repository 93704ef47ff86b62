import { randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { browseFolders } from '#main/features/projects/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { newGoal } from '#protocol/contract/goals.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { demoId, openDemo } from '../demo.ts';
import type { Parts } from '../parts.ts';
import { roleViews } from './preview.ts';
import { crewOf, stateGoal } from './state-goal.ts';

const NO_DEMO = faultOf(
  'no-demo',
  'There is no demo crew here.',
  'This AIOS was started without it.',
  'Start AIOS with `npm start` or `aios serve`.',
);

/** The operations of the first minutes. `projects` are those of the same orchestrator. */
export function setupOperations(parts: Parts, projects: Operations['projects']): Operations['setup'] {
  /** The sample app's commands are ours and so is what it holds: it is trusted as it was made. */
  async function trustApp(path: string, acceptance: string | null): Promise<Result<void, Fault>> {
    const set = await projects.setCommands({ path, setup: null, verify: 'npm test', acceptance }, undefined);
    if (!set.ok) return set;
    const found = await projects.inspect({ path }, undefined);
    if (!found.ok) return found;
    const trusted = await projects.trust({ path, digest: found.value.trust.digest }, undefined);
    return trusted.ok ? ok(undefined) : trusted;
  }
  return {
    browse: (input) => browseFolders(input.path ?? homedir()),
    async roles(input) {
      const crew = await crewOf(parts, input.crew ?? 'default');
      return crew.ok ? ok(roleViews(crew.value)) : crew;
    },
    async demo(input) {
      const { demo } = parts;
      if (!demo) return err(NO_DEMO);
      const script = input.script ?? 'crew';
      const opened = await openDemo(parts, demo, script);
      if (!opened.ok) return opened;
      const path = join(parts.config.home, 'demo', `${script}-${randomBytes(4).toString('hex')}`, 'todo');
      const created = await demo.createApp(path);
      if (!created.ok) return created;
      const trusted = await trustApp(path, opened.value.acceptance);
      if (!trusted.ok) return trusted;
      const { goal: text, agent } = opened.value;
      const stated = await stateGoal(
        parts,
        newGoal.parse({ path, text, mode: 'go', upstream: demoId(script), ...(agent === null ? {} : { agent }) }),
      );
      return stated.ok ? ok({ goal: stated.value.goal, path }) : stated;
    },
  };
}

import { z } from 'zod';
import { err, ok } from '#main/platform/result.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { whyOf, whysOf } from '#protocol/model/goal/why.ts';
import type { Why } from '#protocol/model/goal/why-parts.ts';
import { type SaidWhy, sayWhy } from '#protocol/model/goal/why-words.ts';
import { tool } from './context.ts';

/** Most reasons one answer lists. */
const MOST = 40;

function lineOf({ subject, name, sentence, ownerSays, actionSays, chain }: SaidWhy): string {
  const path = chain.slice(1).map((link) => `${link.name} ${link.sentence}`);
  const because = path.length === 0 ? '' : ` Because: ${path.join(' <- ')}.`;
  return `${subject.kind} ${subject.id} "${name}": ${sentence}. Turn: ${ownerSays}.${because} What helps: ${actionSays}.`;
}

/** Why tasks and agents of the caller's own goal stand still. Reads only. */
export const whyWaiting = tool({
  name: 'why_waiting',
  description: 'Say why a task or agent of your goal does not move, whose turn it is, and what helps. Changes nothing.',
  input: z.strictObject({
    about: z.string().max(100).optional().describe('Id of a task or agent; absent: every task that stands still'),
  }),
  async run({ about }, { caller, world }) {
    const goal = world.goals.state(caller.goal);
    if (!goal) return err(faultOf('no-goal', 'The goal is gone.', 'It is not in the store.', 'End your turn.'));
    if (about !== undefined && !goal.tasks[about] && !goal.agents[about])
      return err(
        faultOf('no-such-subject', `There is no ${about}.`, 'Your goal has no such thing.', 'Use list_agents.'),
      );
    const kind = about !== undefined && goal.agents[about] ? 'agent' : 'task';
    const found: Why[] =
      about === undefined
        ? whysOf(goal).filter((why) => why.subject.kind === 'task')
        : [whyOf(goal, { kind, id: about })].flatMap((why) => why ?? []);
    if (found.length === 0) return ok(about === undefined ? 'Nothing stands still.' : 'It moves, or is over.');
    const shown = found.slice(0, MOST);
    const refs = [...Object.values(goal.tasks), ...Object.values(goal.items)].map((each) => each.title.id);
    const texts = await world.texts(refs);
    const lines = shown.map((why) => lineOf(sayWhy(goal, why, (ref) => texts.get(ref?.id ?? '') ?? '')));
    const more = found.length > shown.length ? [`... and ${found.length - shown.length} more.`] : [];
    return ok([...lines, ...more].join('\n'));
  },
});

import type { StreamHandle } from '#main/engine/engine.ts';
import type { DecisionService } from '#main/features/decisions/index.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { Court } from '#main/features/messages/index.ts';
import type { Goal } from '#protocol/model/goal/state.ts';

/** What negotiations need of goals and decisions. */
export function createCourt(goals: StreamHandle<Goal, GoalCommand>, decisions: DecisionService): Court {
  return {
    standing(id, agent) {
      const goal = goals.state(id);
      if (!goal || goal.status === 'stopped' || goal.status === 'accepted') return 'goal-over';
      return goal.agents[agent] && !goal.dismissed.includes(agent) ? 'here' : 'gone';
    },
    nameOf: (goal, agent) => goals.state(goal)?.agents[agent]?.name ?? agent,
    async askCeo(goal, negotiation, { title, detail }) {
      await goals.execute(goal, { type: 'arbitrate', negotiation, title, detail });
    },
    async close(goal, negotiation) {
      await goals.execute(goal, { type: 'arbitration-over', negotiation });
    },
    async record(negotiation, { subject, text }) {
      const { id, goal, ended, parties, binds } = negotiation;
      if (!ended) return;
      const agreed = ended.outcome === 'agreed';
      await decisions.record(
        goals.state(goal)?.project ?? '',
        {
          decision: `dec_${id}`,
          subject,
          text,
          how: agreed ? 'agreed' : ended.by === 'ceo' ? 'ceo' : 'arbiter',
          by: agreed ? parties : [ended.by],
          binds: { ...binds, agents: [...new Set([...parties, ...binds.agents])] },
          goal,
          negotiation: id,
          supersedes: null,
        },
        `decision:${id}`,
      );
    },
  };
}

import type { StreamHandle } from '#main/engine/engine.ts';
import type { Performance, Performer } from '#main/engine/performer.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { MessageService } from '#main/features/messages/index.ts';
import type { CollisionPolicy } from '#protocol/model/goal/collision.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { wordsFor } from './words.ts';

/** What telling needs. */
export interface TellWorld {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly messages: MessageService;
  readonly texts: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

/** Tells the agents of a collision, each once: the ids of the messages are the order's. */
export function createTeller({ goals, messages, texts }: TellWorld): Performer {
  async function otherOf(goal: Goal, me: string, collision: Goal['collisions'][string]) {
    const { attempts, elsewhere } = collision;
    const place = elsewhere ? goals.state(elsewhere.goal) : goal;
    const attempt = place?.attempts[elsewhere?.attempt ?? attempts.find((id) => id !== me) ?? ''];
    if (!place || !attempt) return null;
    const title = place.tasks[attempt.task]?.title.id ?? '';
    const task = (await texts([title])).get(title) ?? attempt.task;
    return { name: place.agents[attempt.agent]?.name ?? attempt.agent, task, elsewhere: elsewhere !== null };
  }

  return async ({ id, subject, event }: Performance) => {
    const { collision: name, action } = event.data as { collision: string; action: CollisionPolicy };
    const goal = goals.state(subject);
    const collision = goal?.collisions[name];
    if (!goal || !collision) return null;
    const files = ((await texts([collision.files.id])).get(collision.files.id) ?? '').split('\n');
    for (const [index, mine] of collision.attempts.entries()) {
      const attempt = goal.attempts[mine];
      if (!attempt || ATTEMPT_OVER.has(attempt.status)) continue;
      const other = await otherOf(goal, mine, collision);
      const first = index === 0 && collision.attempts.length > 1;
      const words = wordsFor({ kind: collision.kind, action, first, files, other });
      await messages.send(
        {
          goal: goal.id,
          from: 'system',
          to: [attempt.agent],
          kind: 'inform',
          ...words,
          replyTo: null,
          wantsAnswer: false,
          patience: null,
          attachments: [],
        },
        `col_${id}_${mine}`,
      );
    }
    return null;
  };
}

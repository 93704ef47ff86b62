import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { emptyGoal } from '#protocol/model/goal/state.ts';
import { TASK_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand } from '../command.ts';
import { bench, stated } from '../test-kit.ts';
import { commandOf, dice } from './dice.ts';
import { illegalSteps, unfencedRuns, violations } from './test-kit.ts';

/** A state in few lines, for whoever looks at a counterexample. */
function picture(goal: Goal): string {
  const rows = Object.values(goal.tasks).map(({ id, kind, status, dependsOn, spec, attempts }) => {
    const tried = attempts.map(
      (each) => `${each} ${goal.attempts[each]?.status} ${goal.attempts[each]?.wait?.cause ?? ''}`,
    );
    return `${id} ${kind} ${status} after [${dependsOn.join()}] ${JSON.stringify(spec ?? {})} ${tried.join(', ')}`;
  });
  return [`${goal.status}${goal.paused ? ' paused' : ''}`, ...rows].join('\n');
}

const opening = fc.record({
  mode: fc.constantFrom('ask' as const, 'go' as const),
  kind: fc.constantFrom('crew', 'solo', 'board'),
});

describe('goal, under random commands', () => {
  it('makes only legal steps, keeps one owner, loses no task, and replays to the same state', () => {
    fc.assert(
      fc.property(opening, fc.array(dice, { maxLength: 150, size: 'max' }), ({ mode, kind }, rolls) => {
        const wrong: string[] = [];
        const on = bench((before, event, after) => {
          wrong.push(...illegalSteps(before, event, after));
          goalEvent.parse(event);
        });
        on.do(stated({ mode, solo: kind === 'solo' ? 'ann' : null, board: kind === 'board' }));
        for (const roll of rolls) {
          on.advance(1 + (roll.a % 3) * 60_000);
          const command = commandOf(on.goal(), roll);
          on.do(command);
          const found = [...wrong, ...violations(on.goal())];
          if (found.length > 0)
            throw new Error(`after ${JSON.stringify(command)}: ${found.join('; ')}\n${picture(on.goal())}`);
        }
        const replayed = on.events.reduce((goal, { event, at }) => evolveGoal(goal, event, at), emptyGoal('goal_1'));
        expect(replayed).toEqual(on.goal());
        expect(JSON.parse(JSON.stringify(replayed))).toEqual(on.goal());
      }),
      { numRuns: Number(process.env['RUNS'] ?? 400) },
    );
  }, 120_000);

  it('takes nothing from a run that is over or replaced', () => {
    fc.assert(
      fc.property(fc.array(dice, { maxLength: 100, size: 'max' }), (rolls) => {
        const on = bench();
        on.do(stated());
        for (const roll of rolls) {
          on.advance(1_000);
          on.do(commandOf(on.goal(), roll));
          const allowed = new Set(unfencedRuns(on.goal()).map((run) => run.id));
          for (const { id } of Object.values(on.goal().runs).filter((run) => !allowed.has(run.id))) {
            const before = on.goal();
            expect(on.do({ type: 'claim', run: id, claim: 'done', summary: 's' }).kind).toBe('refused');
            expect(on.do({ type: 'run-started', run: id }).kind).toBe('refused');
            expect(on.goal()).toBe(before);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('comes to the same state when every report is told twice', () => {
    const told = new Set<GoalCommand['type']>([
      'prepared',
      'run-started',
      'run-ended',
      'checked',
      'merged',
      'goal-checked',
      'accept-ended',
      'stop',
      'wake',
      'wait-due',
      'run-overdue',
      'node-due',
      'gate-checked',
      'task-due',
      'deadline-due',
    ]);
    fc.assert(
      fc.property(fc.array(dice, { maxLength: 100, size: 'max' }), (rolls) => {
        const on = bench();
        on.do(stated());
        for (const roll of rolls) {
          on.advance(1_000);
          const command = commandOf(on.goal(), roll);
          on.do(command);
          if (!told.has(command.type) || TASK_OVER.size === 0) continue;
          const once = on.goal();
          on.do(command);
          // An overdue run may be told to stop again; its state is the same.
          expect(on.goal()).toEqual(once);
        }
      }),
      { numRuns: 100 },
    );
  });
});

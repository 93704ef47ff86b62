import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goalEvent } from '#protocol/model/goal/event.ts';
import { evolveGoal } from '#protocol/model/goal/evolve.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { emptyGoal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER, TASK_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand, NewAgent, ProposedTask } from '../command.ts';
import { bench, planned, stated } from '../test-kit.ts';
import { illegalSteps, unfencedRuns, violations } from './test-kit.ts';

/** Numbers a command is made of, given the state it meets: legal ones are likely, illegal ones possible. */
interface Dice {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly text: boolean;
}

const dice = fc.record({ kind: fc.nat(9_999), a: fc.nat(1000), b: fc.nat(1000), text: fc.boolean() });

function pick<T>(all: readonly T[], at: number): T | undefined {
  return all[at % Math.max(1, all.length)];
}

function ids(goal: Goal) {
  const keys = (of: Readonly<Record<string, unknown>>) => [...Object.keys(of), 'nothing_1'];
  const attempts = Object.values(goal.attempts);
  const live = unfencedRuns(goal).map((run) => run.id);
  const open = attempts.filter((each) => !ATTEMPT_OVER.has(each.status)).map((each) => each.id);
  const items = Object.values(goal.items)
    .filter((item) => item.closed === null)
    .map((item) => item.id);
  return {
    // Mostly what is alive, now and then anything at all.
    run: (at: number) => pick(at % 5 === 0 ? keys(goal.runs) : live, at) ?? 'run_0',
    attempt: (at: number) => pick(at % 5 === 0 ? keys(goal.attempts) : open, at) ?? 'att_0',
    item: (at: number) => pick(at % 5 === 0 ? keys(goal.items) : items, at) ?? 'item_0',
    task: (at: number) => pick(keys(goal.tasks), at) ?? 'task_0',
    agent: (at: number) => pick(keys(goal.agents), at) ?? 'nobody',
  };
}

const OUTCOMES = [
  'completed',
  'completed',
  'completed',
  'deferred',
  'interrupted',
  'turn-limit',
  'budget',
  'upstream',
  'login',
  'crashed',
  'protocol',
  'session-lost',
  'lost',
  'overdue',
] as const;
const CHECKS = ['passed', 'passed', 'passed', 'failed', 'none', 'conflict', 'error', 'empty'] as const;
const MERGES = ['merged', 'merged', 'nothing', 'conflict', 'rejected', 'error'] as const;
const ANSWERS = ['allow', 'allow-session', 'allow-always', 'deny', 'reply', 'retry', 'accept', 'stop'] as const;
const CAUSES = ['permission', 'question', 'answer'] as const;
const ROLES = ['work', 'test', 'lead', 'nobody'] as const;

const backlog = (key: string, dependsOn: readonly string[] = []): ProposedTask => ({
  ...planned(key, dependsOn),
  assignee: { kind: 'nobody' },
});

function hired(goal: Goal, role: string, name: string | null): NewAgent {
  const id = `hired_${Object.keys(goal.agents).length}`;
  return { id, name, title: role, role, driver: 'scripted', model: 'm', lead: role === 'lead' };
}

/** The command that dice mean in this state. */
function commandOf(goal: Goal, { kind, a, b, text }: Dice): GoalCommand {
  const of = ids(goal);
  const by = 'ceo';
  const output = text ? 'words' : '';
  const role = ROLES[b % ROLES.length] ?? 'work';
  const make: ReadonlyArray<readonly [number, () => GoalCommand]> = [
    [12, () => ({ type: 'prepared', attempt: of.attempt(a), base: 'b', workspace: '/w' })],
    [12, () => ({ type: 'run-started', run: of.run(a) })],
    [
      12,
      () => ({
        type: 'run-ended',
        run: of.run(a),
        outcome: OUTCOMES[b % OUTCOMES.length] ?? 'lost',
        detail: output,
        usage: null,
      }),
    ],
    [12, () => ({ type: 'claim', run: of.run(a), claim: b % 8 === 0 ? 'blocked' : 'done', summary: 's' })],
    [
      10,
      () => ({
        type: 'checked',
        attempt: of.attempt(a),
        result: CHECKS[b % CHECKS.length] ?? 'error',
        commit: 'c',
        exitCode: 0,
        output,
        files: 1,
      }),
    ],
    [
      8,
      () => ({
        type: 'merged',
        attempt: of.attempt(a),
        result: MERGES[b % MERGES.length] ?? 'error',
        commit: 'c',
        output,
      }),
    ],
    [8, () => ({ type: 'answer', item: of.item(a), answer: ANSWERS[b % ANSWERS.length] ?? 'stop', text: output, by })],
    [
      4,
      () => ({
        type: 'propose-plan',
        run: of.run(a),
        tasks: [planned('x'), planned('y', ['x'], role === 'nobody' ? 'work' : role)],
      }),
    ],
    [2, () => ({ type: 'goal-checked', result: b % 3 === 0 ? 'failed' : 'passed', commit: 'c', exitCode: 0, output })],
    [
      2,
      () => ({
        type: 'add-tasks',
        tasks: [planned('n', text ? [of.task(a)] : [], role)],
        by,
        ...(b % 2 === 0 ? { awaitedBy: of.run(a) } : {}),
      }),
    ],
    [
      2,
      () => ({
        type: 'run-deferred',
        run: of.run(a),
        deferral: {
          toolUseId: `tu${b}`,
          cause: CAUSES[b % 3] ?? 'question',
          owner: 'ceo',
          on: b % 3 === 2 ? `msg${a % 3}` : null,
          title: 't',
          detail: output,
        },
      }),
    ],
    [1, () => ({ type: 'message-answered', message: `msg${a % 3}` })],
    [1, () => ({ type: 'wake', agent: of.agent(a), message: `wake${b % 4}`, from: 'ceo', subject: 's' })],
    [1, () => ({ type: 'wait-due', attempt: of.attempt(a), since: goal.attempts[of.attempt(a)]?.wait?.since ?? 0 })],
    [1, () => ({ type: 'unprepared', attempt: of.attempt(a), why: output, cause: text ? 'disk' : 'stuck' })],
    [1, () => ({ type: 'run-overdue', run: of.run(a) })],
    [1, () => ({ type: 'covered' })],
    [1, () => ({ type: 'interrupt', agent: of.agent(a), by })],
    [1, () => ({ type: 'resume-agent', agent: of.agent(a), by })],
    [1, () => ({ type: 'approve-plan', by })],
    [2, () => ({ type: 'assign', task: of.task(a), assignee: { kind: 'role', role }, by })],
    [3, () => ({ type: 'assign', task: of.task(a), assignee: { kind: 'agent', agent: of.agent(b) }, by })],
    [3, () => ({ type: 'unassign', task: of.task(a), by })],
    [2, () => ({ type: 'add-tasks', tasks: [backlog(`b${b}`), backlog(`c${b}`, [`b${b}`])], by })],
    [1, () => ({ type: 'revise', task: of.task(a), title: output || 'Title' })],
    [2, () => ({ type: 'link', task: of.task(a), on: of.task(b) })],
    [2, () => ({ type: 'unlink', task: of.task(a), on: of.task(b) })],
    [2, () => ({ type: 'hire', agent: hired(goal, role, text ? 'Zed' : null), by })],
    [1, () => ({ type: 'dismiss', agent: of.agent(a), by })],
    [2, () => ({ type: 'pause-agent', agent: of.agent(a), paused: text, by })],
    [1, () => ({ type: 'hold', by })],
    [1, () => ({ type: 'cancel-task', task: of.task(a), by })],
    [1, () => ({ type: 'retry-task', task: of.task(a), by })],
    [1, () => ({ type: 'progress', run: of.run(a), note: 'n' })],
    [1, () => ({ type: 'pause', by })],
    [2, () => ({ type: 'continue', by })],
    [1, () => ({ type: 'stop', by })],
    [1, () => ({ type: 'accept', target: 'main', by })],
    [1, () => ({ type: 'accept-ended', result: text ? 'accepted' : 'refused', commit: 'c', detail: output })],
  ];
  let left = kind % make.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, build] of make) {
    if (left < weight) return build();
    left -= weight;
  }
  return { type: 'nothing' };
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
          if (found.length > 0) throw new Error(`after ${JSON.stringify(command)}: ${found.join('; ')}`);
        }
        const replayed = on.events.reduce((goal, { event, at }) => evolveGoal(goal, event, at), emptyGoal('goal_1'));
        expect(replayed).toEqual(on.goal());
        expect(JSON.parse(JSON.stringify(replayed))).toEqual(on.goal());
      }),
      { numRuns: Number(process.env['RUNS'] ?? 400) },
    );
  });

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

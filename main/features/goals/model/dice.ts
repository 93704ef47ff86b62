import fc from 'fast-check';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import type { GoalCommand, NewAgent, ProposedTask } from '../command.ts';
import { planned } from '../test-kit.ts';
import { batchEnded, collided } from './collision-dice.ts';
import { nodes } from './nodes.ts';
import { unfencedRuns } from './test-kit.ts';

/** Numbers a command is made of, given the state it meets: legal ones are likely, illegal ones possible. */
export interface Dice {
  readonly kind: number;
  readonly a: number;
  readonly b: number;
  readonly text: boolean;
}

/** See {@link Dice}. */
export const dice = fc.record({ kind: fc.nat(9_999), a: fc.nat(1000), b: fc.nat(1000), text: fc.boolean() });

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
  'context-full',
] as const;
const CHECKS = ['passed', 'passed', 'passed', 'failed', 'none', 'conflict', 'error', 'empty'] as const;
const MERGES = ['merged', 'merged', 'nothing', 'conflict', 'rejected', 'error'] as const;
const ANSWERS = [
  'allow',
  'allow-session',
  'allow-always',
  'deny',
  'reply',
  'retry',
  'accept',
  'failover',
  'stop',
] as const;
const CAUSES = ['permission', 'question', 'answer'] as const;
const ROLES = ['work', 'test', 'lead', 'nobody'] as const;

const backlog = (key: string, dependsOn: readonly string[] = []): ProposedTask => ({
  ...planned(key, dependsOn),
  assignee: { kind: 'nobody' },
});

function hired(goal: Goal, role: string, name: string | null): NewAgent {
  const id = `hired_${Object.keys(goal.agents).length}`;
  const confined = role === 'test' ? ({ confined: true } as const) : {};
  return { id, name, title: role, role, driver: 'scripted', model: 'm', lead: role === 'lead', ...confined };
}

/** What would bring an attempt one step on its usual way, so that far states are reached too. */
function nextStep(goal: Goal, id: string, well: boolean): GoalCommand {
  const attempt = goal.attempts[id];
  const run = attempt?.runs.at(-1) ?? '';
  const done = { commit: 'c', exitCode: 0, output: '' };
  switch (attempt?.status) {
    case 'preparing':
      return { type: 'prepared', attempt: id, base: 'b', workspace: '/w' };
    case 'queued':
      return { type: 'run-started', run };
    case 'running': {
      const judges = goal.tasks[attempt.task]?.kind === 'review';
      const judged = goal.attempts[goal.tasks[attempt.task]?.about ?? '']?.verdict?.by === attempt.agent;
      if (judges && !judged) return { type: 'review', run, approved: well, comments: 'c' };
      if (!judges && attempt.claim === null) return { type: 'claim', run, claim: 'done', summary: 's', items: ['i'] };
      return { type: 'run-ended', run, outcome: 'completed', detail: '', usage: null };
    }
    case 'waiting':
      return { type: 'hand-over', attempt: id, packet: 'p' };
    case 'verifying':
      return { type: 'checked', attempt: id, result: well ? 'passed' : 'failed', files: 1, ...done };
    case 'merging':
      return { type: 'merged', attempt: id, result: well ? 'merged' : 'conflict', ...done };
    default:
      return { type: 'nothing' };
  }
}

/** The command that dice mean in this state. */
export function commandOf(goal: Goal, { kind, a, b, text }: Dice): GoalCommand {
  const of = ids(goal);
  const by = 'ceo';
  const output = text ? 'words' : '';
  const role = ROLES[b % ROLES.length] ?? 'work';
  const make: ReadonlyArray<readonly [number, () => GoalCommand]> = [
    [110, () => nextStep(goal, of.attempt(a), b % 6 !== 0)],
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
        full: a % 7 === 0,
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
    [8, () => ({ type: 'hand-over', attempt: of.attempt(a), packet: 'p' })],
    [1, () => ({ type: 'restored', run: of.run(a), workspace: '/w2' })],
    [1, () => ({ type: 'covered' })],
    [
      2,
      () => ({
        type: 'propose-edit',
        run: of.run(a),
        text: 'nodes: []',
        lines: ['- x'],
        retried: text ? [of.task(b)] : [],
      }),
    ],
    [2, () => ({ type: 'plan-edited', problem: text ? 'no' : null })],
    [1, () => ({ type: 'apply-plan', added: [planned('z')], changed: [], removed: [of.task(a)], retried: [], by })],
    [8, () => ({ type: 'add-tasks', tasks: nodes(a, b, of.task(b)), by })],
    [6, () => ({ type: 'review', run: of.run(a), approved: text, comments: 'c' })],
    [2, () => ({ type: 'signal', name: 'ship', passed: text, note: '', by })],
    [3, () => ({ type: 'node-due', task: of.task(a), until: goal.tasks[of.task(a)]?.opened?.until ?? 0 })],
    [
      3,
      () => ({
        type: 'gate-checked',
        task: of.task(a),
        openedAt: goal.tasks[of.task(a)]?.opened?.at ?? 0,
        passed: text,
        output,
      }),
    ],
    [3, () => ({ type: 'task-due', task: of.task(a) })],
    [3, () => ({ type: 'deadline-due', task: of.task(a), until: goal.tasks[of.task(a)]?.dueAt ?? 0 })],
    [
      2,
      () => ({
        type: 'respec',
        task: of.task(a),
        spec: text ? { review: { role: 'test' } } : { deadlineMs: 60_000 },
        by,
      }),
    ],
    [2, () => ({ type: 'claim', run: of.run(a), claim: 'done', summary: 's', result: 'ok', items: ['i', 'j'] })],
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
    [
      2,
      () => ({
        type: 'intervene',
        guard: 'loop',
        action: text ? 'noticed' : 'interrupted',
        attempt: of.attempt(a),
        run: of.run(a),
        evidence: 'e',
      }),
    ],
    [1, () => ({ type: 'progress', run: of.run(a), note: 'n' })],
    [6, () => collided(goal, of.attempt(a), of.attempt(b), b)],
    [5, () => batchEnded(goal, b)],
    [2, () => ({ type: 'take-lease', run: of.run(a), paths: 'f', minutes: 1 + (b % 60), renews: null, compared: [] })],
    [1, () => ({ type: 'lease-due', lease: Object.keys(goal.leases)[0] ?? 'lease_0' })],
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

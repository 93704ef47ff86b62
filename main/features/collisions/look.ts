import type { StreamHandle } from '#main/engine/engine.ts';
import type { GoalCommand, Sighting } from '#main/features/goals/index.ts';
import { goalRef, type Places } from '#main/features/merges/index.ts';
import { changedPaths, type Glance, glance, tipOf } from '#main/features/workspaces/index.ts';
import { matchesAny } from '#protocol/model/glob.ts';
import { earlierFirst, isLiveWork } from '#protocol/model/goal/collide.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { createMeetings, type Meeting } from './pair.ts';

/** What looking needs. */
export interface LookParts {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly places: Places;
  /** Where glances of a project are kept. */
  readonly storeOf: (project: string) => string;
  readonly texts: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly now: () => number;
}

/** Looks at workspaces and says what collides. */
export interface Look {
  /** Looks at one attempt's workspace, compares it with the work on all other tasks, and reports to the goals concerned. */
  at(goal: string, attempt: string): Promise<void>;
  /** Forgets an attempt that has ended. */
  forget(attempt: string): void;
  /** Forgets all of a project. */
  forgetProject(project: string): void;
}

interface Work {
  readonly goal: Goal;
  readonly attempt: Attempt;
}

/** Workspaces one look is compared with. */
const MOST_OTHERS = 40;
const OVER: ReadonlySet<Goal['status']> = new Set(['accepted', 'stopped', null]);

/** Live work on the same target, the attempt itself included. */
export function workBeside(goals: readonly Goal[], beside: Goal): Work[] {
  return goals
    .filter((goal) => goal.project === beside.project && goal.target === beside.target && !OVER.has(goal.status))
    .flatMap((goal) =>
      Object.values(goal.attempts).flatMap((attempt) => (isLiveWork(goal, attempt) ? { goal, attempt } : [])),
    );
}

/** The name of a collision: the same two always have the same. */
const between = (first: string, second: string) => `${first}~${second}`;

interface Found {
  readonly seen: Map<string, Sighting[]>;
  readonly looked: Map<string, string[]>;
}

function noted(
  found: Found,
  { goal, collision }: { goal: string; collision: string },
  sighting: Omit<Sighting, 'collision'> | null,
) {
  found.looked.set(goal, [...(found.looked.get(goal) ?? []), collision]);
  if (sighting) found.seen.set(goal, [...(found.seen.get(goal) ?? []), { collision, ...sighting }]);
}

/** A meeting of two goals is told to both, each with the other elsewhere. */
function noteMeeting(found: Found, one: Work, other: Work, meeting: Meeting): void {
  const pair = [one, other].sort((a, b) => earlierFirst(a.attempt, b.attempt));
  const collision = between(pair[0]?.attempt.id ?? '', pair[1]?.attempt.id ?? '');
  if (one.goal.id === other.goal.id) {
    const attempts = pair.map((each) => each.attempt.id);
    return noted(found, { goal: one.goal.id, collision }, meeting && { ...meeting, attempts, elsewhere: null });
  }
  for (const [mine, theirs] of [
    [one, other],
    [other, one],
  ] as const) {
    const elsewhere = { goal: theirs.goal.id, attempt: theirs.attempt.id };
    noted(found, { goal: mine.goal.id, collision }, meeting && { ...meeting, attempts: [mine.attempt.id], elsewhere });
  }
}

/** See {@link Look}. */
export function createLook({ goals, places, storeOf, texts, now }: LookParts): Look {
  const glances = new Map<string, Glance>();
  const meetings = createMeetings();

  async function glanceAt({ goal, attempt }: Work): Promise<Glance | undefined> {
    const taken = await glance(places.workspaceOf(goal, attempt), storeOf(goal.project), glances.get(attempt.id));
    if (!taken.ok) return undefined;
    glances.set(attempt.id, taken.value);
    return taken.value;
  }

  /** Changes within what others have leased. */
  async function lookAtLeases(found: Found, { goal, attempt }: Work, mine: Glance): Promise<void> {
    const leases = Object.values(goal.leases).filter((lease) => lease.holder !== attempt.id && lease.until > now());
    const known = Object.keys(goal.collisions).filter((id) => id.endsWith(`~${attempt.id}~lease`));
    for (const collision of known) noted(found, { goal: goal.id, collision }, null);
    if (leases.length === 0) return;
    const gitDir = storeOf(goal.project);
    const changed = await changedPaths({ gitDir, base: mine.parents[0] ?? goal.base, head: mine.commit });
    if (!changed.ok) return;
    const paths = changed.value.flatMap((each) => (each.from === undefined ? [each.path] : [each.path, each.from]));
    const globs = await texts(leases.map((lease) => lease.paths.id));
    for (const holder of new Set(leases.map((lease) => lease.holder))) {
      const theirs = leases.filter((lease) => lease.holder === holder);
      const all = theirs.flatMap((lease) => (globs.get(lease.paths.id) ?? '').split('\n'));
      const files = paths.filter((path) => matchesAny(all, path));
      const collision = `${between(holder, attempt.id)}~lease`;
      const attempts = [holder, attempt.id];
      noted(
        found,
        { goal: goal.id, collision },
        files.length > 0 ? { kind: 'leased', attempts, elsewhere: null, files } : null,
      );
    }
  }

  async function lookAtTip(found: Found, { goal, attempt }: Work, mine: Glance): Promise<void> {
    const tip = await tipOf(places.hubOf(goal.project), goalRef(goal));
    if (!tip.ok) return;
    const meeting = await meetings.with(storeOf(goal.project), mine, tip.value);
    const seen = meeting?.kind === 'conflict' ? { ...meeting, attempts: [attempt.id], elsewhere: null } : null;
    noted(found, { goal: goal.id, collision: between(attempt.id, 'tip') }, seen);
  }

  async function report({ seen, looked }: Found): Promise<void> {
    for (const [goal, collisions] of looked) {
      const sightings = seen.get(goal) ?? [];
      const known = goals.state(goal)?.collisions ?? {};
      const gone = collisions.some((id) => known[id]?.clearedAt === null);
      if (sightings.length > 0 || gone)
        await goals.execute(goal, { type: 'collisions', seen: sightings, looked: collisions });
    }
  }

  return {
    async at(goalId, attemptId) {
      const goal = goals.state(goalId);
      const attempt = goal?.attempts[attemptId];
      if (!goal || !attempt || !isLiveWork(goal, attempt)) return;
      const me: Work = { goal, attempt };
      const mine = await glanceAt(me);
      if (!mine) return;
      const found: Found = { seen: new Map(), looked: new Map() };
      const all = workBeside(
        goals.ids().flatMap((id) => goals.state(id) ?? []),
        goal,
      );
      for (const other of all.filter((each) => each.attempt.task !== attempt.task).slice(0, MOST_OTHERS)) {
        const theirs = glances.get(other.attempt.id) ?? (await glanceAt(other));
        if (theirs) noteMeeting(found, me, other, await meetings.of(storeOf(goal.project), mine, theirs));
      }
      await lookAtTip(found, me, mine);
      await lookAtLeases(found, me, mine);
      await report(found);
    },
    forget: (attempt) => void glances.delete(attempt),
    forgetProject(project) {
      for (const id of goals.ids()) {
        const goal = goals.state(id);
        if (goal?.project === project) for (const attempt of Object.keys(goal.attempts)) glances.delete(attempt);
      }
    },
  };
}

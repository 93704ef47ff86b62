import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import type { InspectorTab, Selection } from '../../store/view-store.ts';

/** What the inspector shows. */
export type Subject =
  | { readonly kind: 'goal' }
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'agent'; readonly id: string }
  | { readonly kind: 'link'; readonly task: string; readonly on: string }
  | { readonly kind: 'talk'; readonly one: string; readonly other: string }
  | { readonly kind: 'hit'; readonly id: string }
  | { readonly kind: 'many'; readonly ids: Selection };

const WHOLE: Subject = { kind: 'goal' };

/** The subject that an id of the graph names; null when the goal has no such thing (any more). */
export function namedSubject(goal: Goal, id: string): Subject | null {
  const colon = id.indexOf(':');
  const name = id.slice(colon + 1);
  switch (id.slice(0, colon)) {
    case 'task':
      return goal.tasks[name] ? { kind: 'task', id: name } : null;
    case 'agent':
      return goal.agents[name] ? { kind: 'agent', id: name } : null;
    case 'if':
    case 'link': {
      const [task = '', on = ''] = name.split('>');
      return goal.tasks[task] && goal.tasks[on] ? { kind: 'link', task, on } : null;
    }
    case 'talk': {
      const [one = '', other = ''] = name.split('~');
      return one !== '' && other !== '' ? { kind: 'talk', one, other } : null;
    }
    case 'hit':
      return goal.collisions[name] ? { kind: 'hit', id: name } : null;
    default:
      return null;
  }
}

/** What a selection means: nothing is the goal itself. */
export function subjectOf(goal: Goal, selection: Selection): Subject {
  if (selection.length > 1) return { kind: 'many', ids: selection };
  const [only] = selection;
  return (only === undefined ? null : namedSubject(goal, only)) ?? WHOLE;
}

const TABS: Readonly<Record<Subject['kind'], readonly InspectorTab[]>> = {
  goal: ['overview', 'changes', 'checks', 'messages', 'route', 'history'],
  task: ['overview', 'transcript', 'changes', 'checks', 'messages', 'route', 'history', 'terminal'],
  agent: ['overview', 'transcript', 'changes', 'checks', 'messages', 'route', 'history', 'terminal'],
  link: ['overview', 'history'],
  talk: ['messages', 'history'],
  hit: ['overview', 'history'],
  many: ['overview'],
};

/** The tabs a subject has, and which one is shown when `wanted` is not among them. */
export function tabsOf(
  subject: Subject,
  wanted: InspectorTab,
): { readonly tabs: readonly InspectorTab[]; readonly shown: InspectorTab } {
  const tabs = TABS[subject.kind];
  return { tabs, shown: tabs.includes(wanted) ? wanted : (tabs[0] ?? 'overview') };
}

/** A name for what is shown, stable while it is shown. */
export function subjectKey(goal: Goal, subject: Subject): string {
  switch (subject.kind) {
    case 'goal':
      return goal.id;
    case 'task':
    case 'agent':
    case 'hit':
      return `${subject.kind}:${subject.id}`;
    case 'link':
      return `link:${subject.task}>${subject.on}`;
    case 'talk':
      return `talk:${subject.one}~${subject.other}`;
    case 'many':
      return 'many';
  }
}

/** The attempts a subject is about, oldest first. */
export function attemptsOf(goal: Goal, subject: Subject): Attempt[] {
  if (subject.kind === 'task') return (goal.tasks[subject.id]?.attempts ?? []).flatMap((id) => goal.attempts[id] ?? []);
  if (subject.kind === 'agent')
    return Object.values(goal.attempts)
      .filter((attempt) => attempt.agent === subject.id)
      .sort((one, other) => one.startedAt - other.startedAt);
  return [];
}

/** Every id that events about a subject name: its own, its attempts', their runs' and budgets', what it asked the CEO. */
export function idsOf(goal: Goal, subject: Subject): Set<string> {
  switch (subject.kind) {
    case 'goal':
    case 'many':
      return new Set();
    case 'link':
      return new Set([subject.task, subject.on]);
    case 'hit':
      return new Set([subject.id]);
    case 'talk':
      return new Set([subject.one, subject.other]);
    case 'task':
    case 'agent': {
      const attempts = attemptsOf(goal, subject);
      const tied = new Set(attempts.map(({ id }) => id));
      const items = Object.values(goal.items).filter(
        (item) => item.task === subject.id || (item.attempt !== null && tied.has(item.attempt)),
      );
      return new Set([
        subject.id,
        ...(subject.kind === 'task' ? [`task/${subject.id}`] : []),
        ...attempts.flatMap(({ id, runs }) => [id, `run/${id}`, ...runs]),
        ...items.map(({ id }) => id),
      ]);
    }
  }
}

import { ANSWERS } from './answers.ts';
import { actorName, type TextOf } from './names.ts';
import type { Wait } from './parts.ts';
import type { Goal } from './state.ts';
import type { Why, WhyAction, WhyCause, WhyLink, WhySubject } from './why-parts.ts';
import { rowOf } from './why-waits.ts';

type OwnCause = Exclude<WhyCause, Wait['cause']>;

/** Words for causes that are no wait of an attempt; those are in the table of waits. */
const WORDS: Readonly<Record<OwnCause, (link: WhyLink, goal: Goal, textOf: TextOf) => string>> = {
  other: () => 'waits',
  asked: (link, goal, textOf) => `asks you: ${textOf(goal.items[link.subject.id]?.title ?? null)}`,
  plan: ({ subject, on }, goal) => {
    const proposed = subject.kind === 'task' && goal.tasks[subject.id]?.status === 'proposed';
    if (proposed) return 'proposed; waits for your approval of the plan';
    return on.length > 0 || subject.kind === 'goal' ? 'its plan waits for your approval' : 'waits for your approval';
  },
  backlog: () => 'in the backlog; give it to an agent',
  dependency: ({ on }, goal, textOf) => `after ${titles(goal, on, textOf)}`,
  failed: ({ subject }, goal) => {
    const last = goal.attempts[goal.tasks[subject.id]?.attempts.at(-1) ?? ''];
    return last?.cause ?? 'failed';
  },
  paused: ({ subject }) =>
    subject.kind === 'attempt' ? 'was interrupted with the goal and goes on with it' : 'the goal is paused',
  stopped: () => 'the goal is stopped',
  'agent-paused': ({ subject }, goal) => {
    if (subject.kind === 'agent') return 'is paused';
    const { assignee } = goal.tasks[subject.id] ?? {};
    const who = assignee?.kind === 'agent' ? actorName(goal, assignee.agent) : 'everybody who could do it';
    return `${who} ${assignee?.kind === 'agent' ? 'is' : 'are'} paused`;
  },
  busy: () => 'waits for a free agent',
  nobody: () => 'nobody in the crew can do it',
  starting: () => 'is being scheduled',
  machine: () => 'waits for a free place on this machine',
  unknown: () => 'its process is gone and what it did last is not known; it is being recovered',
  'merge-turn': () => 'in the merge queue',
  attempt: () => 'its agent waits',
  circle: () => 'waits for itself: this is a circle',
  ready: () => 'ready to accept',
  'goal-stuck': () => 'is stuck',
  empty: () => 'has no tasks yet',
  idle: () => 'has nothing to do',
  gate: () => 'this gate is closed',
  timer: () => 'waits until its time has come',
  signal: ({ subject }, goal) => {
    const gate = goal.tasks[subject.id]?.spec?.gate;
    return `waits for the signal "${gate?.kind === 'event' ? gate.name : ''}"`;
  },
  group: () => 'its tasks are not done',
  'in-group': ({ on }, goal, textOf) => `begins with ${titles(goal, on, textOf)}`,
  branch: ({ on }, goal, textOf) => `depends on how this ends: ${titles(goal, on, textOf)}`,
  later: () => 'is tried again later',
  tasks: () => 'none of its tasks moves',
  moves: () => 'moves',
};

const LONGEST_TITLE = 80;

function titleOf(goal: Goal, id: string, textOf: TextOf): string {
  const title = textOf(goal.tasks[id]?.title ?? null);
  return title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE)}…` : title;
}

const MOST_TITLES = 5;

function titles(goal: Goal, subjects: readonly WhySubject[], textOf: TextOf): string {
  const named = subjects.slice(0, MOST_TITLES).map((each) => titleOf(goal, each.id, textOf));
  return `${named.join(', ')}${subjects.length > MOST_TITLES ? ` and ${subjects.length - MOST_TITLES} more` : ''}`;
}

/** Why one thing stands still, in a few words. */
export function sayCause(goal: Goal, link: WhyLink, textOf: TextOf): string {
  const row = rowOf(link.cause);
  return row ? row.says : WORDS[link.cause as OwnCause](link, goal, textOf);
}

/** What a subject is called. */
export function sayName(goal: Goal, { kind, id }: WhySubject, textOf: TextOf): string {
  switch (kind) {
    case 'goal':
      return 'the goal';
    case 'task':
      return titleOf(goal, id, textOf);
    case 'agent':
      return actorName(goal, id);
    case 'attempt':
    case 'merge': {
      const tried = goal.attempts[id];
      return tried ? `${actorName(goal, tried.agent)}'s attempt ${tried.number}` : id;
    }
    case 'item':
      return 'the inbox';
  }
}

/** How it is said that it is the CEO's turn. */
export const SAYS_CEO = 'your turn';

/** Whose turn it is, as people say it. */
export function sayOwner(goal: Goal, owner: string): string {
  if (owner === 'ceo') return SAYS_CEO;
  return owner === 'system' ? 'AIOS acts next' : `${actorName(goal, owner)} acts next`;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

type Saying = { [D in WhyAction['do']]: (action: Extract<WhyAction, { do: D }>, goal: Goal, textOf: TextOf) => string };

const ACTIONS: Saying = {
  answer: ({ item }, goal) => {
    const kind = goal.items[item]?.kind;
    return `answer it in the inbox${kind ? ` (${ANSWERS[kind].join(', ')})` : ''}`;
  },
  'raise-cap': () => 'raise the cap',
  'resume-agent': ({ agent }, goal) => `let ${actorName(goal, agent)} go on`,
  'unpause-agent': ({ agent }, goal) => `end the pause of ${actorName(goal, agent)}`,
  'retry-task': ({ task }, goal, textOf) => `try "${titleOf(goal, task, textOf)}" again`,
  assign: ({ task }, goal, textOf) => `give "${titleOf(goal, task, textOf)}" to an agent`,
  'cancel-task': ({ task }, goal, textOf) => `cancel "${titleOf(goal, task, textOf)}"`,
  unlink: ({ task, on }, goal, textOf) =>
    `let "${titleOf(goal, task, textOf)}" not wait for "${titleOf(goal, on, textOf)}"`,
  'give-work': ({ agent }, goal) => `give ${actorName(goal, agent)} a task`,
  'add-task': () => 'add a task',
  'approve-plan': () => 'approve the plan',
  continue: () => 'let the goal go on',
  signal: ({ name }) => `send the signal "${name}"`,
  accept: () => 'accept the goal',
  'answer-message': ({ agent }, goal) => `answer ${actorName(goal, agent)} yourself`,
  'allow-more-agents': () => 'allow more agents at once (setting machine.agents)',
  look: ({ attempt }, goal) => {
    const tried = goal.attempts[attempt];
    return `see what ${tried ? actorName(goal, tried.agent) : 'the agent'} does`;
  },
  wait: ({ until }) =>
    until === null ? 'wait, it goes on by itself' : `wait until ${clock(until)} UTC, it goes on by itself`,
};

/** What helps, as a request to the reader. */
export function sayAction(goal: Goal, action: WhyAction, textOf: TextOf): string {
  // The table pairs each wording with its own action; looking it up loses that pairing.
  const say = ACTIONS[action.do] as (action: WhyAction, goal: Goal, textOf: TextOf) => string;
  return say(action, goal, textOf);
}

/** A step of the chain in words. */
export interface SaidLink extends WhyLink {
  readonly name: string;
  readonly sentence: string;
}

/** A {@link Why} in words, for faces that only print. */
export interface SaidWhy extends Why {
  readonly name: string;
  readonly sentence: string;
  readonly ownerSays: string;
  readonly actionSays: string;
  readonly chain: readonly SaidLink[];
}

/** Puts a reason into words. The one place where this is done for every face. */
export function sayWhy(goal: Goal, why: Why, textOf: TextOf): SaidWhy {
  const said = (link: WhyLink) => ({
    name: sayName(goal, link.subject, textOf),
    sentence: sayCause(goal, link, textOf),
  });
  return {
    ...why,
    ...said(why),
    // What only stands for its attempt says what the attempt waits for.
    sentence: sayCause(goal, telling(why.chain, why), textOf),
    ownerSays: sayOwner(goal, why.owner),
    actionSays: sayAction(goal, why.action, textOf),
    chain: why.chain.map((link) => ({ ...link, ...said(link) })),
  };
}

/** The first step of a chain that says something of its own; the first of all when none does. */
export function telling(steps: Iterable<WhyLink>, first: WhyLink): WhyLink {
  for (const step of steps) if (step.cause !== 'attempt') return step;
  return first;
}

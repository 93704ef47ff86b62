import type { Goal } from './state.ts';
import { indexOf, type WhyIndex } from './why-index.ts';
import { nodeOf } from './why-nodes.ts';
import { keyOf, type Why, type WhyAction, type WhyLink, type WhyNode, type WhySubject } from './why-parts.ts';

/** A chain with its end, as a list from the front: chains share their ends, so that a long plan has room. */
interface Rooted {
  readonly link: WhyLink;
  readonly next: Rooted | null;
  readonly owner: string;
  readonly action: WhyAction;
  /** What the chain ends at. */
  readonly root: WhyNode;
}

/** What is worked out of one state of a goal, as far as somebody asked. */
interface Known {
  readonly index: WhyIndex;
  readonly nodes: Map<string, WhyNode | null>;
  /** In which round a thing can go on: 0 waits for its owner only. Missing: it waits in a circle. */
  readonly rounds: Map<string, number>;
  readonly rooted: Map<string, Rooted>;
}

// States are immutable: what follows from one is worked out once, however many cards ask.
const known = new WeakMap<Goal, Known>();

function knownOf(goal: Goal): Known {
  const before = known.get(goal);
  if (before) return before;
  const fresh: Known = { index: indexOf(goal), nodes: new Map(), rounds: new Map(), rooted: new Map() };
  known.set(goal, fresh);
  return fresh;
}

function node(of: Known, subject: WhySubject): WhyNode | null {
  const key = keyOf(subject);
  const before = of.nodes.get(key);
  if (before !== undefined) return before;
  const made = nodeOf(of.index, subject);
  of.nodes.set(key, made);
  return made;
}

const nextOf = (of: Known, from: WhyNode): WhyNode[] => from.next.flatMap((each) => node(of, each) ?? []);

/** Everything that can be reached and has no round yet. Iterative: plans may be long chains. */
function reach(of: Known, start: WhyNode): WhyNode[] {
  const found = new Map<string, WhyNode>();
  const open = [start];
  for (let each = open.pop(); each; each = open.pop()) {
    const key = keyOf(each.subject);
    if (found.has(key) || of.rounds.has(key)) continue;
    found.set(key, each);
    open.push(...nextOf(of, each));
  }
  return [...found.values()];
}

/** Gives a round to all that can go on some day, nearest first. What gets none waits for itself. */
function giveRounds(of: Known, start: WhyNode): void {
  const left = reach(of, start);
  const waiters = new Map<string, WhyNode[]>();
  const missing = new Map<string, number>();
  let ready: WhyNode[] = [];
  for (const each of left) {
    const next = nextOf(of, each).map((on) => keyOf(on.subject));
    const unknown = next.filter((key) => !of.rounds.has(key));
    for (const key of unknown) waiters.set(key, [...(waiters.get(key) ?? []), each]);
    const satisfied = each.needs === 'all' ? unknown.length === 0 : unknown.length < next.length || next.length === 0;
    if (satisfied) ready.push(each);
    missing.set(keyOf(each.subject), each.needs === 'all' ? unknown.length : 1);
  }
  while (ready.length > 0) {
    const following: WhyNode[] = [];
    for (const each of ready) {
      const key = keyOf(each.subject);
      if (of.rounds.has(key)) continue;
      of.rounds.set(key, roundAfter(of, each));
      for (const waiter of waiters.get(key) ?? []) {
        const name = keyOf(waiter.subject);
        const still = (missing.get(name) ?? 0) - 1;
        missing.set(name, still);
        if (still <= 0) following.push(waiter);
      }
    }
    ready = following;
  }
}

function roundAfter(of: Known, each: WhyNode): number {
  const before = nextOf(of, each).flatMap((on) => of.rounds.get(keyOf(on.subject)) ?? []);
  if (before.length === 0) return 0;
  return 1 + (each.needs === 'all' ? Math.max(...before) : Math.min(...before));
}

/** What asks most for somebody to act comes first. */
function urgency({ owner, root }: Rooted): number {
  if (root.cause === 'moves') return 4;
  if (owner === 'ceo') return 1;
  return owner === 'system' ? 3 : 2;
}

/** Of several chains the one to tell: where all count the worst, where one is enough the nearest to moving. */
function chosen(of: Known, from: WhyNode): Rooted | null {
  const own = of.rounds.get(keyOf(from.subject)) ?? 0;
  const nearer = nextOf(of, from).filter((each) => {
    const round = of.rounds.get(keyOf(each.subject));
    return round !== undefined && (from.needs === 'sum' || round < own);
  });
  const chains = nearer.map((each) => rooted(of, each));
  const sign = from.needs === 'any' ? -1 : 1;
  return (
    chains.sort((one, other) => sign * (urgency(one) - urgency(other)) || one.root.since - other.root.since)[0] ?? null
  );
}

const linkOf = ({ subject, cause, since, next }: WhyNode): WhyLink => ({ subject, cause, since, on: next });

const LOOK_NOWHERE: WhyAction = { do: 'continue' };

function fromNext(of: Known, from: WhyNode): Rooted {
  const next = chosen(of, from);
  if (!next)
    return { link: linkOf(from), next: null, owner: from.owner, action: from.action ?? LOOK_NOWHERE, root: from };
  // Where the end moves by itself, the nearest thing that can be done on the way there helps more than looking on.
  const action = next.root.cause === 'moves' && from.action !== null ? from.action : next.action;
  return { link: linkOf(from), next, owner: next.owner, action, root: next.root };
}

/** The one thing that breaks a circle: an answer, or a task or edge less. */
function breakOf(circle: readonly WhyNode[]): WhyAction {
  const asked = circle.find((each) => each.action?.do === 'answer-message');
  if (asked?.action) return asked.action;
  for (const [place, each] of circle.entries()) {
    const on = circle[(place + 1) % circle.length]?.subject;
    if (each.cause === 'task' && on?.kind === 'task') return { do: 'cancel-task', task: on.id };
    if (each.cause === 'dependency' && on?.kind === 'task') return { do: 'unlink', task: each.subject.id, on: on.id };
  }
  const tried = circle.find((each) => each.subject.kind === 'attempt');
  return tried ? { do: 'look', attempt: tried.subject.id } : LOOK_NOWHERE;
}

/** Follows what can never go on until it comes back to itself. */
function aroundFrom(of: Known, from: WhyNode): Rooted {
  const path: WhyNode[] = [];
  let at: WhyNode | undefined = from;
  while (at && !path.includes(at)) {
    path.push(at);
    at = nextOf(of, at).find((each) => !of.rounds.has(keyOf(each.subject)));
  }
  const circle = at ? path.slice(path.indexOf(at)) : path;
  const closing: WhyNode = { ...(at ?? from), cause: 'circle', owner: 'ceo' };
  const shared = { owner: 'ceo', action: breakOf(circle), root: closing };
  const last: Rooted = { ...shared, link: { ...linkOf(closing), on: [] }, next: null };
  return path.reduceRight<Rooted>((next, each) => ({ ...shared, link: linkOf(each), next }), last);
}

function rooted(of: Known, from: WhyNode): Rooted {
  const key = keyOf(from.subject);
  const before = of.rooted.get(key);
  if (before) return before;
  const made = of.rounds.has(key) ? fromNext(of, from) : aroundFrom(of, from);
  of.rooted.set(key, made);
  return made;
}

/** Rounds grow along a chain, so resolving in their order never goes deep, however long the plan. */
function resolve(of: Known, from: WhyNode): Rooted {
  const open = reachResolved(of, from);
  for (const each of open) rooted(of, each);
  return rooted(of, from);
}

function reachResolved(of: Known, start: WhyNode): WhyNode[] {
  const found = new Map<string, WhyNode>();
  const open = [start];
  for (let each = open.pop(); each; each = open.pop()) {
    const key = keyOf(each.subject);
    if (found.has(key) || of.rooted.has(key) || !of.rounds.has(key)) continue;
    found.set(key, each);
    open.push(...nextOf(of, each));
  }
  const round = (each: WhyNode) =>
    each.needs === 'sum' ? Number.POSITIVE_INFINITY : (of.rounds.get(keyOf(each.subject)) ?? 0);
  return [...found.values()].sort((one, other) => round(one) - round(other));
}

/**
 * Why a thing of a goal does not move: cause, owner, since, one action that helps, and the chain to the root cause. Null
 * when it moves, is over, or is not there. Pure and total; a state is worked out once.
 */
export function whyOf(goal: Goal, subject: WhySubject): Why | null {
  const of = knownOf(goal);
  const from = node(of, subject);
  if (!from || from.cause === 'moves') return null;
  giveRounds(of, from);
  const { owner, action, ...first } = resolve(of, from);
  const chain: WhyLink[] = [];
  for (let at: Pick<Rooted, 'link' | 'next'> | null = first; at; at = at.next) chain.push(at.link);
  return { ...linkOf(from), owner, action, chain };
}

/** Why each thing of a goal that does not move does not: the goal, its items, tasks, attempts, merges and agents. */
export function whysOf(goal: Goal): Why[] {
  const ids = (kind: WhySubject['kind'], all: readonly string[]): WhySubject[] => all.map((id) => ({ kind, id }));
  return [
    ...ids('goal', [goal.id]),
    ...ids('item', Object.keys(goal.items)),
    ...ids('task', Object.keys(goal.tasks)),
    ...ids('attempt', Object.keys(goal.attempts)),
    ...ids('merge', goal.mergeQueue),
    ...ids('agent', Object.keys(goal.agents)),
  ].flatMap((subject) => whyOf(goal, subject) ?? []);
}

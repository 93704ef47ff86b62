import type { Goal } from './state.ts';
import { indexOf, type WhyIndex } from './why-index.ts';
import { nodeOf } from './why-nodes.ts';
import type { Why, WhyAction, WhyCause, WhyLink, WhyNode, WhySubject } from './why-parts.ts';

/** A chain with its end, as a list from the front: chains share their ends, so that a long plan has room. */
interface Rooted {
  readonly link: WhyLink;
  readonly next: Rooted | null;
  readonly owner: string;
  readonly action: WhyAction;
  /** What the chain ends at. */
  readonly root: WhyNode;
}

/** What is worked out of one subject. Changed in place: plans are large, and many cards ask with every event. */
interface Place {
  readonly node: WhyNode;
  next: readonly Place[] | null;
  /** In which round it can go on: 0 waits for its owner only. Null: not worked out, or it waits in a circle. */
  round: number | null;
  rooted: Rooted | null;
  missing: number;
  waiters: Place[];
}

/** What is worked out of one state of a goal, as far as somebody asked. */
interface Known {
  readonly index: WhyIndex;
  readonly places: Readonly<Record<WhySubject['kind'], Map<string, Place | null>>>;
}

// States are immutable: what follows from one is worked out once, however many cards ask.
const known = new WeakMap<Goal, Known>();

function knownOf(goal: Goal): Known {
  const before = known.get(goal);
  if (before) return before;
  const map = () => new Map<string, Place | null>();
  const places = { goal: map(), task: map(), attempt: map(), agent: map(), merge: map(), item: map() };
  const fresh: Known = { index: indexOf(goal), places };
  known.set(goal, fresh);
  return fresh;
}

function placeOf(of: Known, subject: WhySubject): Place | null {
  const places = of.places[subject.kind];
  const before = places.get(subject.id);
  if (before !== undefined) return before;
  const node = nodeOf(of.index, subject);
  const made: Place | null = node && { node, next: null, round: null, rooted: null, missing: 0, waiters: [] };
  places.set(subject.id, made);
  return made;
}

function nextOf(of: Known, from: Place): readonly Place[] {
  from.next ??= from.node.next.flatMap((each) => placeOf(of, each) ?? []);
  return from.next;
}

/** Everything from here on for which `isKnown` is false. Iterative: plans may be long chains. */
function reach(of: Known, start: Place, isKnown: (place: Place) => boolean): Place[] {
  const found = new Set<Place>();
  const open = [start];
  for (let each = open.pop(); each; each = open.pop()) {
    if (found.has(each) || isKnown(each)) continue;
    found.add(each);
    open.push(...nextOf(of, each));
  }
  return [...found];
}

/** Gives a round to all that can go on some day, nearest first. What gets none waits for itself. */
function giveRounds(of: Known, start: Place): void {
  const left = reach(of, start, (place) => place.round !== null);
  for (const each of left) each.waiters = [];
  let ready: Place[] = [];
  for (const each of left) {
    const next = nextOf(of, each);
    const unknown = next.filter((on) => on.round === null);
    for (const on of unknown) on.waiters.push(each);
    const all = each.node.needs === 'all';
    each.missing = all ? unknown.length : 1;
    if (all ? unknown.length === 0 : unknown.length < next.length || next.length === 0) ready.push(each);
  }
  while (ready.length > 0) {
    const following: Place[] = [];
    for (const each of ready) {
      if (each.round !== null) continue;
      each.round = roundAfter(of, each);
      for (const waiter of each.waiters) {
        waiter.missing -= 1;
        if (waiter.missing <= 0) following.push(waiter);
      }
    }
    ready = following;
  }
}

function roundAfter(of: Known, each: Place): number {
  let least = Number.POSITIVE_INFINITY;
  let most = -1;
  for (const { round } of nextOf(of, each)) {
    if (round === null) continue;
    least = Math.min(least, round);
    most = Math.max(most, round);
  }
  if (most < 0) return 0;
  return 1 + (each.node.needs === 'all' ? most : least);
}

/** What asks most for somebody to act comes first. */
function urgency({ owner, root }: Rooted): number {
  if (root.cause === 'moves') return 4;
  if (owner === 'ceo') return 1;
  return owner === 'system' ? 3 : 2;
}

/** Of several chains the one to tell: where all count the worst, where one is enough the nearest to moving. */
function chosen(of: Known, from: Place): Rooted | null {
  const { needs } = from.node;
  const sign = needs === 'any' ? -1 : 1;
  let best: Rooted | null = null;
  for (const each of nextOf(of, from)) {
    if (each.round === null || (needs !== 'sum' && each.round >= (from.round ?? 0))) continue;
    const chain = rooted(of, each);
    const before = best && (sign * (urgency(best) - urgency(chain)) || best.root.since - chain.root.since);
    if (before === null || before > 0) best = chain;
  }
  return best;
}

const linkOf = ({ subject, cause, since, next }: WhyNode): WhyLink => ({ subject, cause, since, on: next });

const LOOK_NOWHERE: WhyAction = { do: 'continue' };

function fromNext(of: Known, from: Place): Rooted {
  const { node } = from;
  const next = chosen(of, from);
  const link = linkOf(node);
  if (!next) return { link, next: null, owner: node.owner, action: node.action ?? LOOK_NOWHERE, root: node };
  // Where the end moves by itself, the nearest thing that can be done on the way there helps more than looking on.
  const action = next.root.cause === 'moves' && node.action !== null ? node.action : next.action;
  return { link, next, owner: next.owner, action, root: next.root };
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
function aroundFrom(of: Known, from: Place): Rooted {
  const path: Place[] = [];
  const seen = new Set<Place>();
  let at: Place | undefined = from;
  while (at && !seen.has(at)) {
    path.push(at);
    seen.add(at);
    at = nextOf(of, at).find((each) => each.round === null);
  }
  const circle = at ? path.slice(path.indexOf(at)) : path;
  const root: WhyNode = { ...(at ?? from).node, cause: 'circle', owner: 'ceo' };
  const shared = { owner: 'ceo', action: breakOf(circle.map((each) => each.node)), root };
  const last: Rooted = { ...shared, link: { ...linkOf(root), on: [] }, next: null };
  return path.reduceRight<Rooted>((next, each) => ({ ...shared, link: linkOf(each.node), next }), last);
}

function rooted(of: Known, from: Place): Rooted {
  from.rooted ??= from.round === null ? aroundFrom(of, from) : fromNext(of, from);
  return from.rooted;
}

/** Rounds grow along a chain, so resolving in their order never goes deep, however long the plan. */
function resolve(of: Known, from: Place): Rooted {
  if (from.rooted) return from.rooted;
  giveRounds(of, from);
  const round = ({ node, round: own }: Place) => (node.needs === 'sum' ? Number.POSITIVE_INFINITY : (own ?? 0));
  const left = reach(of, from, (place) => place.rooted !== null || place.round === null);
  for (const each of left.sort((one, other) => round(one) - round(other))) rooted(of, each);
  return rooted(of, from);
}

/** As {@link Why}, but its chain is walked only as far as somebody asks: in a plan of thousands, chains are long. */
export interface WhyWalk extends Omit<Why, 'chain'> {
  /** What is at the end of the chain. */
  readonly root: WhyCause;
  /** From the subject itself to the root cause. */
  steps(): Iterable<WhyLink>;
}

function* stepsFrom(start: Rooted): Generator<WhyLink> {
  for (let at: Rooted | null = start; at; at = at.next) yield at.link;
}

/** Why a thing of a goal does not move, without its chain. Null when it moves, is over, or is not there. */
export function whyWalkOf(goal: Goal, subject: WhySubject): WhyWalk | null {
  const of = knownOf(goal);
  const from = placeOf(of, subject);
  if (!from || from.node.cause === 'moves') return null;
  const found = resolve(of, from);
  const { owner, action, root } = found;
  return { ...linkOf(from.node), owner, action, root: root.cause, steps: () => stepsFrom(found) };
}

/**
 * Why a thing of a goal does not move: cause, owner, since, one action that helps, and the chain to the root cause. Null
 * when it moves, is over, or is not there. Pure and total; a state is worked out once.
 */
export function whyOf(goal: Goal, subject: WhySubject): Why | null {
  const walk = whyWalkOf(goal, subject);
  if (!walk) return null;
  const { root: _, steps, ...why } = walk;
  return { ...why, chain: [...steps()] };
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

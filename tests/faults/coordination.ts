import type { Task } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { dataOf, type Evidence, type Kept, once, type Scenario, text, together, tooEarly } from './scenario.ts';
import { contentOf, DONE, newWords, note, type PlannedTask, type World } from './world.ts';

/** Enough for a handoff, which takes five: a death that falls together with the orchestrator's own is not counted. */
const CRASHES = 15;
const TIMER_MINUTES = 0.02;

/** One group of nodes: a question, a negotiation, a review and a handoff, each before a gate, and one task after all gates. */
function group(world: World, index: number): PlannedTask[] {
  const work = (key: string, between: readonly Step[], more: Partial<PlannedTask> = {}): PlannedTask => ({
    key: `${key}${index}`,
    dependsOn: [],
    steps: [
      note(world, `${key}${index}`, 'begin'),
      { edit: { path: `files/${key}${index}.txt`, content: contentOf(`${key}${index}`) } },
      ...between,
      { model: `Say something about ${key}${index}.` },
      note(world, `${key}${index}`, 'end'),
      DONE,
    ],
    ...more,
  });
  const gate = (key: string, after: string, on: Readonly<Record<string, unknown>>): PlannedTask => ({
    key: `${key}${index}`,
    dependsOn: [`${after}${index}`],
    steps: [],
    node: { kind: 'gate', gate: on },
  });
  const question = { to: 'partner', subject: `question ${index}`, body: newWords(`question ${index}`) };
  const proposal = { to: 'partner', subject: `proposal ${index}`, proposal: `It is ${index}.` };
  return [
    work('asks', [{ mcp: { tool: 'ask', input: question } }]),
    work('agrees', [{ mcp: { tool: 'propose', input: proposal } }]),
    work('reviewed', [{ pause: 300 }], { node: { reviewed_by: 'partner' } }),
    work(
      'dies',
      Array.from({ length: CRASHES }, (): Step => ({ crash: true })),
    ),
    gate('checked', 'asks', { on: 'check', command: `test -f files/asks${index}.txt` }),
    gate('timed', 'agrees', { on: 'timer', minutes: TIMER_MINUTES }),
    gate('signalled', 'reviewed', { on: 'event', name: `go-${index}` }),
    gate('allowed', 'dies', { on: 'approval' }),
    work('last', [], { dependsOn: ['checked', 'timed', 'signalled', 'allowed'].map((key) => `${key}${index}`) }),
  ];
}

/** A plan in which agents talk, gates stand, a colleague reviews and processes die, so many times over. */
function coordinationPlan(world: World, groups: number): PlannedTask[] {
  return Array.from({ length: groups }, (_, index) => group(world, index)).flat();
}

/** Judges from the stored events what agents said, gates let through and successors took over. */
function judgeCoordination(evidence: Evidence): Kept[] {
  const { goal, count: groups } = evidence;
  const { events } = evidence.stored;
  const of = (type: string) => dataOf(evidence, type);
  const sent = of('message.sent');
  const role = (agent: string) => goal.agents[agent]?.role ?? agent;
  const asked = sent.filter((each) => each['kind'] === 'request');
  const answered = sent.filter((each) => each['kind'] === 'result' && each['replyTo'] !== null);
  const gates = Object.values(goal.tasks).filter((task) => task.kind === 'gate');
  const orders = of('attempt.handover-ordered');
  const succeeded = Object.values(goal.runs).filter((run) => run.reason === 'succeeded' || run.reason === 'recovered');
  const reviews = Object.values(goal.tasks).filter((task) => task.kind === 'review');
  const replies = Object.values(goal.tasks).filter((task) => task.kind === 'reply');
  return [
    once(
      'questions, each asked once',
      asked.map((each) => text(each, 'message')),
      groups,
    ),
    once(
      'questions, each answered once',
      answered.map((each) => text(each, 'replyTo')),
      groups,
    ),
    once(
      'negotiations, each opened once',
      of('negotiation.opened').map((each) => text(each, 'negotiation')),
      groups,
    ),
    once(
      'negotiations, each ended once',
      of('negotiation.ended').map((each) => text(each, 'negotiation')),
      groups,
    ),
    once(
      'decisions, each recorded once',
      of('decision.recorded').map((each) => text(each, 'decision')),
      groups,
    ),
    once(
      'messages the partner was woken for, each once',
      replies.map((each) => each.about ?? ''),
      replies.length,
    ),
    once(
      'gates, each decided once',
      of('gate.decided').map((each) => text(each, 'task')),
      4 * groups,
    ),
    once(
      'reviews, one verdict each',
      of('review.given').map((each) => text(each, 'task')),
      reviews.length,
    ),
    {
      name: 'tasks that began before their gates were open',
      tried: groups,
      broken: tooEarly(events, goal),
    },
    { name: 'gates of which one is still shut', tried: gates.length, broken: gates.flatMap(shut) },
    once(
      'handoffs, one packet each',
      of('attempt.handed-over').map((each) => text(each, 'run')),
      orders.length,
    ),
    {
      name: 'handoffs, at least one a dying task',
      tried: groups,
      broken: orders.length >= groups ? [] : [`${orders.length} for ${groups}`],
    },
    {
      name: 'runs of one attempt that were up at once',
      tried: succeeded.length,
      broken: together(events),
    },
    {
      name: 'runs without an end',
      tried: Object.keys(goal.runs).length,
      broken: Object.values(goal.runs).flatMap((run) => (run.status === 'ended' ? [] : [run.id])),
    },
    { name: 'agents that spoke for others', tried: sent.length, broken: forged(sent, role) },
  ];
}

function shut(gate: Task): string[] {
  return gate.status === 'done' ? [] : [`${gate.id} is ${gate.status}`];
}

/** Nobody but workers asks, nobody but the partner answers. */
function forged(sent: readonly Readonly<Record<string, unknown>>[], role: (agent: string) => string): string[] {
  return sent.flatMap((each) => {
    const from = role(String(each['from']));
    const right = each['kind'] === 'result' || each['kind'] === 'accept' ? from === 'partner' : from === 'worker';
    return right || from === 'system' ? [] : [`${String(each['kind'])} from ${from}`];
  });
}

/** All kinds of coordination at once, in one plan. */
export const coordination: Scenario = {
  title: 'agents talk, wait at gates, review and are succeeded',
  world: { workers: 4 },
  plan: coordinationPlan,
  messages: () => null,
  judge: judgeCoordination,
  answers: true,
  failpoints: ['handover-made'],
};

import { readFileSync } from 'node:fs';
import { createOrchestrator } from '#main/compose/index.ts';
import type { Orchestrator } from '#main/index.ts';
import { systemClock } from '#main/platform/clock.ts';
import type { Result } from '#main/platform/result.ts';
import type { FeedMessage, Snapshot } from '#protocol/contract/feed.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';

/** What the process under test is told, as a JSON file named on its command line. */
export interface OrchestratorSetup {
  readonly home: string;
  readonly app: string;
  readonly crew: string;
  readonly goal: string;
  readonly upstream: string;
  readonly resources: string;
  readonly agents: number;
  /** Whether the CEO and a signal open every gate as soon as it waits, each twice over. */
  readonly answers: boolean;
  /** The project's command that checks work. */
  readonly verify: string;
  /** How much faster than the machine's its clock goes since that moment: long checks are what some rules are for. */
  readonly hurry: number;
  readonly since: number;
}

/** What it says, one JSON line each. */
export type Said =
  | { readonly at: 'started'; readonly epoch: number }
  | { readonly at: 'goal'; readonly status: string }
  | {
      readonly at: 'ended';
      readonly run: string;
      readonly agent: string;
      readonly outcome: string;
      readonly time: number;
    }
  | { readonly at: 'item'; readonly title: string }
  | { readonly at: 'problem'; readonly text: string }
  | { readonly at: 'accepted'; readonly result: string; readonly detail: string };

function say(line: Said): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function must<T>(result: Result<T, Fault>): T {
  if (!result.ok) throw new Error(`${result.error.tag}: ${result.error.what} ${result.error.why}`);
  return result.value;
}

async function snapshotOf({ operations }: Orchestrator): Promise<Snapshot> {
  return must(await operations.feed.snapshot(undefined, undefined));
}

/** States the goal unless an earlier start did. The command's id makes that safe at any instant. */
async function stateGoal({ operations }: Orchestrator, setup: OrchestratorSetup): Promise<void> {
  const path = setup.app;
  must(await operations.projects.setCommands({ path, setup: null, verify: setup.verify, acceptance: null }, undefined));
  const found = must(await operations.projects.inspect({ path }, undefined));
  must(await operations.projects.trust({ path, digest: found.trust.digest }, undefined));
  const goal = { path, text: setup.goal, crew: setup.crew, mode: 'go' as const, command: 'the-goal' };
  must(await operations.goals.state(goal, undefined));
}

/** Opens what waits for the CEO or for a signal, each twice over, as an impatient CEO would. */
async function openGates({ operations }: Orchestrator, { id, items, tasks }: Goal): Promise<void> {
  const waiting = Object.values(items).filter((item) => item.kind === 'gate' && item.closed === null);
  for (const { id: item } of waiting)
    for (const command of [`allow-${item}`, `allow-again-${item}`])
      await operations.goals.answer({ goal: id, item, answer: 'allow', text: '', command }, undefined);
  for (const { id: task, status, spec } of Object.values(tasks)) {
    if (status !== 'active' || spec?.gate?.kind !== 'event') continue;
    const { name } = spec.gate;
    for (const command of [`signal-${task}`, `signal-again-${task}`])
      await operations.plan.signal({ goal: id, name, passed: true, note: '', command }, undefined);
  }
}

/** Tells what happens until the goal is ready. */
async function follow(orchestrator: Orchestrator, from: Snapshot): Promise<void> {
  const feed = must(await orchestrator.operations.feed.watch({ after: from.sequence }, undefined));
  const current = async () => (await snapshotOf(orchestrator)).goals[0];
  const [goal] = from.goals;
  if (goal?.status === 'ready' || goal?.status === 'accepted') return say({ at: 'goal', status: goal.status });
  if (setup.answers && goal) await openGates(orchestrator, goal);
  for await (const message of feed as AsyncIterable<FeedMessage>) {
    if (message.kind !== 'events') continue;
    for (const event of message.events) {
      const data = event.data as Record<string, string>;
      if (event.type === 'run.ended')
        say({ at: 'ended', run: data['run'] ?? '', agent: '', outcome: data['outcome'] ?? '', time: event.at });
      if (event.type === 'item.opened') say({ at: 'item', title: Object.values(event.texts).join(' | ') });
    }
    const now: Goal | undefined = await current();
    if (setup.answers && now) await openGates(orchestrator, now);
    say({ at: 'goal', status: now?.status ?? 'none' });
    if (now?.status === 'ready') return;
  }
}

const setup = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as OrchestratorSetup;
const clock = systemClock();
const orchestrator = await createOrchestrator(
  {
    home: setup.home,
    executable: null,
    agentCap: setup.agents,
    resources: setup.resources,
    upstreams: [{ id: 'default', baseUrl: setup.upstream, key: 'scripted', scripted: true }],
  },
  { clock: { ...clock, now: () => Math.round(setup.since + (clock.now() - setup.since) * setup.hurry) } },
);
must(await orchestrator.start());
let snapshot = await snapshotOf(orchestrator);
say({ at: 'started', epoch: snapshot.epoch });
if (snapshot.goals.length === 0) {
  await stateGoal(orchestrator, setup);
  snapshot = await snapshotOf(orchestrator);
}
await follow(orchestrator, snapshot);
const [goal] = (await snapshotOf(orchestrator)).goals;
if (goal?.status === 'ready') {
  const accepted = must(await orchestrator.operations.goals.accept({ goal: goal.id }, undefined));
  say({ at: 'accepted', result: accepted.result, detail: accepted.detail });
} else say({ at: 'accepted', result: 'accepted', detail: 'by an earlier start' });
for (const text of must(await orchestrator.operations.system.info(undefined, undefined)).problems)
  say({ at: 'problem', text });
await orchestrator.stop();

import { z } from 'zod';
import { arbitersFor } from '#main/features/crew/index.ts';
import { decisionLine } from '#main/features/decisions/index.ts';
import type { Response } from '#main/features/messages/index.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Negotiation, waitKey } from '#protocol/model/conversation/negotiation.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { resolveAddress, resolveBinding } from './addresses.ts';
import { causeOf, NO_GOAL, type Pending, type ToolCall, tool } from './context.ts';
import { standingWords } from './words.ts';

const MINUTE_MS = 60_000;
const MOST_SHOWN = 50;

const address = z.string().min(1).max(200);
// A path is an address of files, no free text: one line, no control characters.
const path = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}]+$/u);

const proposeInput = z.strictObject({
  to: z.union([address, z.array(address).min(1).max(10)]).describe('Agents or roles that have to agree'),
  subject: z.string().trim().min(1).max(200),
  proposal: z.string().trim().min(1).describe('The exact text that is to hold'),
  binds: z.array(address).max(20).default([]).describe('Others it binds: agents, roles or "everyone"'),
  paths: z.array(path).max(20).default([]).describe('Globs of files it is about; whoever works on them is bound'),
  deadline_minutes: z.number().min(1).max(1_440).default(30).describe('After that the arbiter decides'),
  wait: z.boolean().default(true).describe('false: go on meanwhile; the answer is announced'),
});

type Proposed = z.infer<typeof proposeInput>;

function partiesOf(goal: Goal, { to }: Proposed, sender: string): Result<string[], Fault> {
  const parties: string[] = [];
  for (const each of Array.isArray(to) ? to : [to]) {
    const found = resolveAddress(goal, each, sender, 'one');
    if (!found.ok) return found;
    parties.push(...found.value);
  }
  return ok([...new Set(parties)]);
}

/** The same call opens the same negotiation. A wait key splits at a slash, so an id has none. */
function negotiationId({ caller, toolUseId, world }: ToolCall): string {
  return `neg_${caller.attempt}_${(toolUseId ?? world.newId('call')).replaceAll('/', '-')}`;
}

async function openOnce(input: Proposed, call: ToolCall, id: string): Promise<Result<Negotiation, Fault>> {
  const { caller, world } = call;
  const goal = world.goals.state(caller.goal);
  if (!goal) return err(NO_GOAL);
  const to = partiesOf(goal, input, caller.agent);
  if (!to.ok) return to;
  const binds = resolveBinding(goal, input.binds);
  if (!binds.ok) return binds;
  const cause = causeOf(goal, caller);
  const parties = [caller.agent, ...to.value];
  return world.messages.negotiations.open(
    {
      goal: goal.id,
      from: caller.agent,
      to: to.value,
      address: [input.to].flat().join(', '),
      subject: input.subject,
      text: input.proposal,
      binds: { ...binds.value, paths: input.paths },
      patience: input.deadline_minutes * MINUTE_MS,
      arbiters: arbitersFor(goal, await world.crewOf(goal), { subject: input.subject, paths: input.paths, parties }),
      hopsBefore: cause === null ? 0 : (world.messages.find(goal.id, cause)?.hops ?? 0),
    },
    id,
  );
}

async function told(negotiation: Negotiation, { caller, world }: ToolCall): Promise<string> {
  const goal = world.goals.state(caller.goal);
  const texts = await world.texts([
    ...negotiation.proposals.map((each) => each.text.id),
    ...(negotiation.ended?.text ? [negotiation.ended.text.id] : []),
  ]);
  return standingWords(negotiation, caller.agent, {
    nameOf: (id) => goal?.agents[id]?.name ?? id,
    textOf: (id) => texts.get(id) ?? '(forgotten)',
  });
}

function pendingOn(negotiation: Negotiation, agent: string): Pending {
  const others = negotiation.parties.filter((party) => party !== agent);
  return {
    on: waitKey(negotiation.id, agent),
    owner: negotiation.arbitration?.arbiter ?? others[0] ?? 'ceo',
  };
}

/** Opens the negotiation of a `propose` that waits. */
export async function openProposal(raw: unknown, call: ToolCall): Promise<Result<Pending, Fault>> {
  const parsed = proposeInput.safeParse(raw);
  if (!parsed.success) return err(incomplete(parsed.error));
  const opened = await openOnce(parsed.data, call, negotiationId(call));
  return opened.ok ? ok(pendingOn(opened.value, call.caller.agent)) : opened;
}

function incomplete(error: z.ZodError): Fault {
  return faultOf('bad-input', 'The call is not complete.', z.prettifyError(error), 'Call again.');
}

/** Proposes what is to hold between agents. Waits for an answer unless told not to. */
export const propose = tool({
  name: 'propose',
  description:
    'Propose to other agents what is to hold between you (an interface, a name, who changes a file). They accept, counter or reject; if you do not agree in time, whoever owns the subject decides. The outcome binds.',
  input: proposeInput,
  async run(input, call) {
    const id = negotiationId(call);
    const known = call.world.messages.negotiations.find(call.caller.goal, id);
    const negotiation = known ? ok(known) : await openOnce(input, call, id);
    return negotiation.ok ? ok(await told(negotiation.value, call)) : negotiation;
  },
});

const respondInput = z.strictObject({
  negotiation: z.string().min(1).max(300),
  verdict: z
    .enum(['accept', 'counter', 'reject', 'withdraw', 'decide'])
    .describe('"decide" is for the arbiter, "withdraw" for whoever opened it'),
  version: z.number().int().positive().optional().describe('The version you read and answer'),
  text: z.string().default('').describe('With counter and decide the exact text that is to hold; else a reason'),
  wait: z.boolean().default(false).describe('true: wait for what the others say to it'),
});

/** The step a call means; which version is answered must be said, so that nobody accepts what it never read. */
function stepOf({ negotiation, verdict, version, text }: z.infer<typeof respondInput>, from: string) {
  if (verdict === 'withdraw') return ok<Response>({ type: 'withdraw', negotiation, from, text });
  if (verdict === 'decide') return ok<Response>({ type: 'rule', negotiation, from, version: version ?? null, text });
  if (version === undefined)
    return err(
      faultOf(
        'no-version',
        'The version is missing.',
        'An answer binds to exactly one version.',
        'Give the version that the message says.',
      ),
    );
  return ok<Response>({ type: verdict, negotiation, from, version, text });
}

async function respondOnce(input: z.infer<typeof respondInput>, call: ToolCall): Promise<Result<Negotiation, Fault>> {
  const { caller, world, toolUseId } = call;
  const step = stepOf(input, caller.agent);
  if (!step.ok) return step;
  const message = toolUseId === null ? world.newId('msg') : `msg_${caller.attempt}_${toolUseId}`;
  return world.messages.negotiations.respond(caller.goal, step.value, message);
}

/** Takes the step of a `respond` that waits. */
export async function openResponse(raw: unknown, call: ToolCall): Promise<Result<Pending, Fault>> {
  const parsed = respondInput.safeParse(raw);
  if (!parsed.success) return err(incomplete(parsed.error));
  const taken = await respondOnce(parsed.data, call);
  return taken.ok ? ok(pendingOn(taken.value, call.caller.agent)) : taken;
}

/** Answers a proposal, or rules as its arbiter. */
export const respond = tool({
  name: 'respond',
  description: 'Answer a proposal: accept, counter with a text of your own, or reject. As its arbiter: decide.',
  input: respondInput,
  async run(input, call) {
    const taken = await respondOnce(input, call);
    return taken.ok ? ok(await told(taken.value, call)) : taken;
  },
});

/** What was decided and binds the caller. */
export const listDecisions = tool({
  name: 'list_decisions',
  description: 'List the decisions that bind you, the newest first.',
  input: z.strictObject({}),
  async run(_input, { caller, world }) {
    const goal = world.goals.state(caller.goal);
    const agent = goal?.agents[caller.agent];
    if (!goal || !agent) return err(NO_GOAL);
    const role = (await world.crewOf(goal)).roles[agent.role];
    const who = { agent: agent.id, role: agent.role, writable: role?.writable ?? [] };
    const found = (await world.decisions.binding(goal.project, who)).slice(0, MOST_SHOWN);
    const nameOf = (id: string) => goal.agents[id]?.name ?? id;
    return ok(
      found.length === 0 ? 'No decision binds you.' : found.map((each) => decisionLine(each, nameOf)).join('\n'),
    );
  },
});

import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { CallGrant, CallOutcome, CallRequest } from '#main/ports/call-authority/port.ts';
import { type BudgetNode, type Budgets, emptyBudgets } from '#protocol/model/budget/state.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { budgetArea } from './area.ts';
import type { BudgetCommand, ReserveCommand } from './decide.ts';

/** The one tree of a data folder. */
const TREE = 'tree';

/** Names of the nodes above a run. The two ledgers never meet: a rehearsal's money is not real. */
export const nodeOf = {
  company: (ledger: 'real' | 'rehearsal') => `company/${ledger}`,
  project: (ledger: 'real' | 'rehearsal', project: string) => `project/${ledger}/${project}`,
  goal: (goal: string) => `goal/${goal}`,
  task: (task: string) => `task/${task}`,
  run: (attempt: string) => `run/${attempt}`,
};

/** Budgets as the rest of the orchestrator uses them. */
export interface BudgetService {
  /** Opens a node and everything above it that is missing. */
  open(
    path: ReadonlyArray<{
      node: string;
      kind: 'company' | 'project' | 'goal' | 'agent' | 'task' | 'run';
      cap: number | null;
    }>,
  ): Promise<Result<void, Fault>>;
  /** Once this resolves, no call leaves on money that was reserved ahead under a higher cap. */
  setCap(node: string, cap: number | null, by: string): Promise<Result<void, Fault>>;
  /** What is reserved ahead gives way before a call is clamped or refused. */
  reserve(request: CallRequest, run: { node: string; agent: string }): Promise<CallGrant>;
  /** Settles a call; with `run` (whose call it was) its next one is reserved in the same step where it is covered in full. */
  settle(outcome: CallOutcome, run?: { node: string; agent: string }): Promise<CallRequest | null>;
  /** Gives reservations back that no call uses. */
  release(calls: readonly string[]): Promise<void>;
  /** Charges what earlier starts reserved and never settled. */
  settleLost(): Promise<void>;
  state(): Budgets;
  node(id: string): BudgetNode | undefined;
}

/** What a request asks the tree for, in the name of a run. */
function commandOf(request: CallRequest, run: { node: string; agent: string }): ReserveCommand {
  const { call, model, promptNanos, outputNanosPerToken, maxTokens } = request;
  return { type: 'reserve', call, ...run, model, promptNanos, outputNanosPerToken, maxTokens };
}

/** See {@link BudgetService}. `reclaim` has everything released that is reserved ahead and waits for its call. */
export function createBudgets(engine: Engine, reclaim: () => Promise<void> = () => Promise.resolve()): BudgetService {
  const tree: StreamHandle<Budgets, BudgetCommand> = engine.register(budgetArea);
  const state = () => tree.state(TREE) ?? emptyBudgets();
  const done = async (command: BudgetCommand, id?: string): Promise<Result<void, Fault>> => {
    const result = await tree.execute(TREE, command, id === undefined ? {} : { id });
    return result.ok ? ok(undefined) : err(result.error);
  };
  let short = 0;
  /** Tries again with all the room there is: nothing new is reserved ahead until that is decided. */
  const withAllRoom = async (command: ReserveCommand, id: string): Promise<Result<void, Fault>> => {
    short += 1;
    try {
      await reclaim();
      return await done(command, id);
    } finally {
      short -= 1;
    }
  };
  return {
    async open(path) {
      let parent: string | null = null;
      for (const { node, kind, cap } of path) {
        if (!state().nodes[node]) {
          const opened = await done({ type: 'open', node, parent, kind, cap });
          if (!opened.ok) return opened;
        }
        parent = node;
      }
      return ok(undefined);
    },
    async setCap(node, cap, by) {
      if (cap !== null && (!Number.isSafeInteger(cap) || cap < 0)) {
        return err(
          faultOf(
            'bad-amount',
            'That is no amount of money.',
            'A cap is zero or more dollars.',
            'Give a figure such as 5 or 0.50.',
          ),
        );
      }
      const set = await done({ type: 'set-cap', node, cap, by });
      if (set.ok && cap !== null) await reclaim();
      return set;
    },
    async reserve(request, run) {
      const [command, id] = [commandOf(request, run), `reserve:${request.call}`];
      const whole = await done({ ...command, whole: true }, id);
      const result = whole.ok ? whole : await withAllRoom(command, id);
      failpoint('budget-reserved');
      const call = state().open[request.call];
      if (!result.ok) return { kind: 'refused', reason: `${result.error.what} ${result.error.why}` };
      if (!call) return { kind: 'refused', reason: 'The call was settled before it left.' };
      return { kind: 'granted', maxTokens: call.maxTokens, reservedNanos: call.nanos };
    },
    async settle(outcome, run) {
      const usage = outcome.usage;
      // A call the upstream turned away cost nothing; one that was cut or left costs what was held for it.
      const nanos = outcome.nanos ?? (outcome.status === 'failed' ? 0 : null);
      const next = short === 0 && run && outcome.next && { ...commandOf(outcome.next, run), whole: true };
      await done(
        {
          type: 'settle',
          call: outcome.call,
          nanos,
          status: outcome.status,
          tokens: {
            input: usage?.input ?? 0,
            output: usage?.output ?? 0,
            cacheWrite: (usage?.cacheWrite5m ?? 0) + (usage?.cacheWrite1h ?? 0),
            cacheRead: usage?.cacheRead ?? 0,
          },
          ...(next ? { next } : {}),
        },
        `settle:${outcome.call}`,
      );
      failpoint('call-settled');
      return next && state().open[next.call] ? outcome.next : null;
    },
    async settleLost() {
      for (const call of Object.values(state().open)) {
        if (call.epoch >= engine.epoch()) continue;
        await done(
          {
            type: 'settle',
            call: call.call,
            nanos: null,
            status: 'lost',
            tokens: { input: 0, output: 0, cacheWrite: 0, cacheRead: 0 },
          },
          `settle:${call.call}`,
        );
      }
    },
    async release(calls) {
      await done({ type: 'release', calls });
    },
    state,
    node: (id) => state().nodes[id],
  };
}

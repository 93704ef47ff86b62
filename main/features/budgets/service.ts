import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import { failpoint } from '#main/platform/failpoint.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { CallGrant, CallOutcome, CallRequest } from '#main/ports/call-authority/port.ts';
import { type BudgetNode, type Budgets, emptyBudgets } from '#protocol/model/budget/state.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import { type AheadParts, createAheads } from './ahead.ts';
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
  setCap(node: string, cap: number | null, by: string): Promise<Result<void, Fault>>;
  reserve(request: CallRequest, run: { node: string; agent: string }): Promise<CallGrant>;
  settle(outcome: CallOutcome): Promise<void>;
  /** Gives back what was reserved ahead and not used, of one node or of all; nothing is reserved ahead for it again. */
  giveBack(node?: string): Promise<void>;
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

/**
 * See {@link BudgetService}. With `ahead`, the next call of a run is reserved while its last one is settled, so that most
 * calls wait for no disk; without, each call is reserved when it comes.
 */
export function createBudgets(engine: Engine, ahead?: AheadParts): BudgetService {
  const tree: StreamHandle<Budgets, BudgetCommand> = engine.register(budgetArea);
  const state = () => tree.state(TREE) ?? emptyBudgets();
  const done = async (command: BudgetCommand, id?: string): Promise<Result<void, Fault>> => {
    const result = await tree.execute(TREE, command, id === undefined ? {} : { id });
    return result.ok ? ok(undefined) : err(result.error);
  };
  const aheads = ahead && createAheads(ahead, state, (calls) => done({ type: 'release', calls }));

  return {
    async open(path) {
      let parent: string | null = null;
      for (const { node, kind, cap } of path) {
        aheads?.open(node);
        if (!state().nodes[node]) {
          const opened = await done({ type: 'open', node, parent, kind, cap });
          if (!opened.ok) return opened;
        }
        parent = node;
      }
      return ok(undefined);
    },
    setCap(node, cap, by) {
      if (cap !== null && (!Number.isSafeInteger(cap) || cap < 0)) {
        return Promise.resolve(
          err(
            faultOf(
              'bad-amount',
              'That is no amount of money.',
              'A cap is zero or more dollars.',
              'Give a figure such as 5 or 0.50.',
            ),
          ),
        );
      }
      return done({ type: 'set-cap', node, cap, by });
    },
    async reserve(request, run) {
      const command = commandOf(request, run);
      const covered = await aheads?.take(command, request.promptTokens);
      if (covered) {
        failpoint('budget-reserved');
        return { kind: 'granted', maxTokens: request.maxTokens, reservedNanos: covered.nanos };
      }
      const id = `reserve:${request.call}`;
      let result = await done(aheads?.any() ? { ...command, whole: true } : command, id);
      if (!result.ok && aheads?.any()) {
        // What only might be needed gives way to what is.
        await aheads.release();
        result = await done(command, id);
      }
      failpoint('budget-reserved');
      const call = state().open[request.call];
      if (!result.ok) return { kind: 'refused', reason: `${result.error.what} ${result.error.why}` };
      if (!call) return { kind: 'refused', reason: 'The call was settled before it left.' };
      aheads?.granted(command, request.promptTokens);
      return { kind: 'granted', maxTokens: call.maxTokens, reservedNanos: call.nanos };
    },
    async settle(outcome) {
      const usage = outcome.usage;
      // A call the upstream turned away cost nothing; one that was cut or left costs what was held for it.
      const nanos = outcome.nanos ?? (outcome.status === 'failed' ? 0 : null);
      const { call, next, stored } = aheads?.settling(outcome) ?? { call: outcome.call };
      const settled = done(
        {
          type: 'settle',
          call,
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
        `settle:${call}`,
      );
      stored?.(settled.then(() => undefined));
      await settled;
      failpoint('call-settled');
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
    giveBack: async (node) => aheads?.close(node),
    state,
    node: (id) => state().nodes[id],
  };
}

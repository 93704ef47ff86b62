import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import type { BudgetEvent } from '#protocol/model/budget/event.ts';
import { type BudgetNode, type Budgets, evolveBudgets, pathOf } from '#protocol/model/budget/state.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { formatUsd } from '#protocol/model/money.ts';

/** Takes from every node above a call what it may cost at most. */
export interface ReserveCommand {
  readonly type: 'reserve';
  readonly call: string;
  readonly node: string;
  readonly agent: string;
  readonly model: string;
  readonly promptNanos: number;
  readonly outputNanosPerToken: number;
  readonly maxTokens: number;
  /** Refused rather than clamped where the room does not cover all of it. */
  readonly whole?: boolean;
}

/** Everything that can be asked of the tree. */
export type BudgetCommand =
  | {
      readonly type: 'open';
      readonly node: string;
      readonly parent: string | null;
      readonly kind: 'company' | 'project' | 'goal' | 'agent' | 'task' | 'run';
      readonly cap: number | null;
    }
  | { readonly type: 'set-cap'; readonly node: string; readonly cap: number | null; readonly by: string }
  | ReserveCommand
  | {
      readonly type: 'settle';
      readonly call: string;
      /** Null charges the reservation. */
      readonly nanos: number | null;
      readonly status: 'completed' | 'cut' | 'failed' | 'cancelled' | 'lost';
      readonly tokens: {
        readonly input: number;
        readonly output: number;
        readonly cacheWrite: number;
        readonly cacheRead: number;
      };
      /** A call that probably follows: reserved in the same step where the room covers it whole. */
      readonly next?: ReserveCommand;
    }
  /** Gives reservations back that no call used. */
  | { readonly type: 'release'; readonly calls: readonly string[] }
  | { readonly type: 'nothing' };

/** Fewer covered output tokens than this are not worth a call: the model would be cut in mid-sentence. */
const LEAST_OUTPUT = 512;

/** Room left under a node: its cap less what is spent and reserved; null where nothing caps it. */
export function roomOf(node: BudgetNode): number | null {
  return node.cap === null ? null : Math.max(0, node.cap - node.spent - node.reserved);
}

/** The tightest wall above a node. */
export function tightest(budgets: Budgets, node: string): { readonly node: string; readonly room: number } | null {
  let found: { node: string; room: number } | null = null;
  for (const each of pathOf(budgets, node)) {
    const room = roomOf(each);
    if (room !== null && (found === null || room < found.room)) found = { node: each.id, room };
  }
  return found;
}

function reserve(budgets: Budgets, command: ReserveCommand): Decision<BudgetEvent> {
  if (budgets.open[command.call]) return accept();
  if (!budgets.nodes[command.node]) {
    return refuse(
      faultOf(
        'no-such-budget',
        `There is no budget ${command.node}.`,
        'The run was never opened.',
        'Start the run again.',
      ),
    );
  }
  const wall = tightest(budgets, command.node);
  const covered =
    wall === null || command.outputNanosPerToken === 0
      ? command.maxTokens
      : Math.min(command.maxTokens, Math.floor((wall.room - command.promptNanos) / command.outputNanosPerToken));
  const tooLittle = covered < (command.whole ? command.maxTokens : Math.min(LEAST_OUTPUT, command.maxTokens));
  if (wall && (tooLittle || command.promptNanos > wall.room)) {
    return refuse(
      faultOf(
        'budget',
        `The budget of ${wall.node} does not cover this call.`,
        `${formatUsd(wall.room)} is left; the call may cost ${formatUsd(command.promptNanos + LEAST_OUTPUT * command.outputNanosPerToken)} or more.`,
        'Raise the cap or stop.',
      ),
    );
  }
  return accept({
    type: 'call.reserved',
    call: command.call,
    node: command.node,
    agent: command.agent,
    model: command.model,
    nanos: command.promptNanos + covered * command.outputNanosPerToken,
    maxTokens: covered,
  });
}

/** Decides a command on the tree. Pure. */
export function decideBudget(budgets: Budgets, command: BudgetCommand, context: DecideContext): Decision<BudgetEvent> {
  switch (command.type) {
    case 'nothing':
      return accept();
    case 'open': {
      if (budgets.nodes[command.node]) return accept();
      const { type: _, ...rest } = command;
      return accept({ type: 'budget.opened', ...rest });
    }
    case 'set-cap':
      if (!budgets.nodes[command.node]) {
        return refuse(
          faultOf(
            'no-such-budget',
            `There is no budget ${command.node}.`,
            'It was never opened.',
            'Look at the list of budgets.',
          ),
        );
      }
      return accept({ type: 'budget.cap-changed', node: command.node, cap: command.cap, by: command.by });
    case 'reserve':
      return reserve(budgets, command);
    case 'settle': {
      const call = budgets.open[command.call];
      if (!call) return accept();
      const settled: BudgetEvent = {
        type: 'call.settled',
        call: command.call,
        nanos: command.nanos ?? call.nanos,
        metered: command.nanos !== null,
        status: command.status,
        tokens: command.tokens,
      };
      const next = command.next && reserve(evolveBudgets(budgets, settled, context.epoch), command.next);
      return accept(settled, ...(next?.kind === 'events' ? next.events : []));
    }
    case 'release':
      return accept(
        ...command.calls.filter((call) => budgets.open[call]).map((call) => ({ type: 'call.released' as const, call })),
      );
  }
}

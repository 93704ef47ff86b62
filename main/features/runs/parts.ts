import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import type { BudgetService } from '#main/features/budgets/index.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { Guards } from '#main/features/guards/index.ts';
import type { MessageService } from '#main/features/messages/index.ts';
import type { ToolWorld } from '#main/features/tools/index.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { KeyedMutex } from '#main/platform/keyed-mutex.ts';
import type { AgentLauncher } from '#main/ports/agent-launcher/port.ts';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import type { Slots } from './machine.ts';
import type { RunTokens } from './tokens.ts';
import type { Transcripts } from './transcript.ts';

/** What the runner is made of. */
export interface RunnerParts {
  readonly engine: Engine;
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly messages: MessageService;
  readonly budgets: BudgetService;
  readonly world: ToolWorld;
  readonly launcher: AgentLauncher;
  readonly tokens: RunTokens;
  readonly transcripts: Transcripts;
  readonly slots: Slots;
  readonly turns: KeyedMutex;
  readonly guards: Guards;
  readonly now: () => number;
  readonly after: Clock['after'];
  readonly homes: string;
  /** The gateway and the MCP endpoint, once they listen. */
  readonly gateway: {
    origin(): string;
    admit(run: { run: string; token: string; upstream: string }): void;
    revoke(token: string): void;
  };
  readonly mcpUrl: () => string;
  /** How agents are contained here. */
  readonly sandboxFor: (attempt: Attempt, goal: Goal) => Assignment['sandbox'];
  /** Brings the goal's newest state into an attempt's workspace. */
  readonly syncWorkspace: (goal: Goal, attempt: Attempt) => Promise<void>;
}

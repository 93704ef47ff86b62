import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import type { BudgetService } from '#main/features/budgets/index.ts';
import type { Radar } from '#main/features/collisions/index.ts';
import type { DecisionService } from '#main/features/decisions/index.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { LayoutCommand } from '#main/features/layout/index.ts';
import type { CommandRunner, Places } from '#main/features/merges/index.ts';
import type { MessageService } from '#main/features/messages/index.ts';
import type { PlanFiles } from '#main/features/plans/index.ts';
import type { ProjectCommand } from '#main/features/projects/index.ts';
import type { Apps } from '#main/features/review/index.ts';
import type { Runner, RunTokens, Slots, Transcripts } from '#main/features/runs/index.ts';
import type { SettingsService } from '#main/features/settings/index.ts';
import type { Terminals } from '#main/features/terminals/index.ts';
import type { ToolWorld } from '#main/features/tools/index.ts';
import type { Gateway } from '#main/gateway/index.ts';
import type { DemoCrew, OrchestratorConfig } from '#main/index.ts';
import type { Clock } from '#main/platform/clock.ts';
import type { NewId } from '#main/platform/ids.ts';
import type { LoopDelay } from '#main/platform/loop-delay.ts';
import type { Scope } from '#main/platform/scope.ts';
import type { AgentLauncher } from '#main/ports/agent-launcher/port.ts';
import type { Journal } from '#main/ports/journal/port.ts';
import type { SecretStore } from '#main/ports/secrets/port.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Layout } from '#protocol/model/layout/state.ts';
import type { Project } from '#protocol/model/project/state.ts';
import type { Problems } from './problems.ts';
import type { UpstreamStates } from './upstreams.ts';

/** Everything an orchestrator consists of, wired. */
export interface Parts {
  readonly config: OrchestratorConfig;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly scope: Scope;
  readonly engine: Engine;
  /** For reading what was; only the engine writes. */
  readonly journal: Pick<Journal, 'read' | 'receipt'>;
  readonly commands: CommandRunner;
  readonly apps: Apps;
  readonly terminals: Terminals;
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly planFiles: PlanFiles;
  readonly layouts: StreamHandle<Layout, LayoutCommand>;
  readonly projects: StreamHandle<Project, ProjectCommand>;
  readonly budgets: BudgetService;
  readonly messages: MessageService;
  readonly decisions: DecisionService;
  readonly launcher: AgentLauncher;
  readonly gateway: Gateway;
  readonly runner: Runner;
  readonly radar: Radar;
  readonly tokens: RunTokens;
  readonly transcripts: Transcripts;
  readonly slots: Slots;
  /** Of this thread, while agents run. */
  readonly loopDelay: LoopDelay;
  readonly world: ToolWorld;
  readonly places: Places;
  readonly problems: Problems;
  readonly upstreams: UpstreamStates;
  readonly settings: SettingsService;
  readonly secrets: SecretStore;
  /** The default endpoint's key as configured, before any stored one. */
  readonly configuredKey: string | null;
  readonly demo: DemoCrew | null;
  readonly startedAt: number;
  /** Minutes a set-up or verify command may take. */
  readonly commandMinutes: number;
}

import type { RoleFile } from '#main/features/crew/index.ts';
import { DEFERRED_TOOLS } from '#main/features/tools/index.ts';
import type { ToolPolicy } from '#protocol/agent/policy.ts';
import type { GoalSetup } from './setup.ts';

/** What a run of this role may do. The project's own commands run without asking; what the CEO allowed for good too. */
export function policyFor(role: RoleFile, setup: GoalSetup, remembered: readonly string[]): ToolPolicy {
  const declared = [setup.commands.setup, setup.commands.verify, role.verify ?? null];
  return {
    tools: role.tools,
    writable: role.writable,
    protected: ['.git/**', '.aios/**', ...role.protected],
    commands: [...role.commands, ...declared.filter((command) => command !== null), ...remembered],
    aiosTools: role.aiosTools,
    deferred: DEFERRED_TOOLS.filter((tool) => role.aiosTools.includes(tool)),
  };
}

import type { RoleFile } from '#main/features/crew/index.ts';
import { DEFERRED_TOOLS, WAITABLE_TOOLS } from '#main/features/tools/index.ts';
import type { ToolPolicy } from '#protocol/agent/policy.ts';
import type { TaskKind } from '#protocol/model/goal/kinds.ts';
import type { GoalSetup } from './setup.ts';

const READS = ['git diff', 'git log', 'git show', 'git status'];
const NOT_FOR_REVIEWERS: ReadonlySet<string> = new Set(['complete_task', 'delegate_task', 'propose_plan']);

/** The role as it is within a task: a reviewer reads, runs and judges, and changes nothing. */
export function roleIn(kind: TaskKind, role: RoleFile): RoleFile;
export function roleIn(kind: TaskKind, role: RoleFile | undefined): RoleFile | undefined;
export function roleIn(kind: TaskKind, role: RoleFile | undefined): RoleFile | undefined {
  if (role === undefined || kind !== 'review') return role;
  const aiosTools = [...role.aiosTools.filter((tool) => !NOT_FOR_REVIEWERS.has(tool)), 'review'];
  const tools = [...new Set([...role.tools.filter((tool) => tool !== 'edit'), 'shell' as const])];
  return { ...role, writable: [], tools, aiosTools, commands: [...role.commands, ...READS] };
}

/** What a run of this role may do. The project's own commands run without asking; what the CEO allowed for good too. */
export function policyFor(role: RoleFile, setup: GoalSetup, remembered: readonly string[]): ToolPolicy {
  const declared = [setup.commands.setup, setup.commands.verify, role.verify ?? null];
  return {
    tools: role.tools,
    writable: role.writable,
    protected: ['.git/**', '.aios/**', ...role.protected],
    commands: [...role.commands, ...declared.filter((command) => command !== null), ...remembered],
    skills: setup.skills.map(({ name }) => name),
    aiosTools: role.aiosTools,
    deferred: DEFERRED_TOOLS.filter((tool) => role.aiosTools.includes(tool)),
    waitable: WAITABLE_TOOLS.filter((tool) => role.aiosTools.includes(tool)),
  };
}

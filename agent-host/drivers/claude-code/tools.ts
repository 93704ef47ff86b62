import type { AgentEvent } from '#protocol/agent/event.ts';
import type { ToolPolicy } from '#protocol/agent/policy.ts';
import { oneLine } from '../../caps.ts';
import { type Action, aiosAction } from '../../policy/index.ts';
import { skillName } from './skills.ts';

/** The neutral kind of a tool call, for icons and grouping. */
export type ToolKind = Extract<AgentEvent, { type: 'tool-call' }>['kind'];

/** The name under which AIOS's own tools are known to Claude Code. */
export const AIOS_SERVER = 'aios';
const AIOS_PREFIX = `mcp__${AIOS_SERVER}__`;

/** Claude Code's tools by neutral name. What is not here (schedules, teams, worktrees, questions …) is not offered. */
const OFFERED: Record<ToolPolicy['tools'][number], readonly string[]> = {
  read: ['Read'],
  search: ['Grep', 'Glob'],
  edit: ['Edit', 'Write', 'NotebookEdit'],
  shell: ['Bash'],
  web: ['WebFetch', 'WebSearch'],
  subagents: ['Agent'],
};

/** The built-in tools a run gets. */
export function offeredTools(policy: ToolPolicy): string[] {
  const skills = (policy.skills ?? []).length > 0 ? ['Skill'] : [];
  return [...policy.tools.flatMap((tool) => OFFERED[tool]), ...skills];
}

function field(input: unknown, name: string): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const value: unknown = Reflect.get(input, name);
  return typeof value === 'string' ? value : undefined;
}

function flag(input: unknown, name: string): boolean {
  return typeof input === 'object' && input !== null && Reflect.get(input, name) === true;
}

/** A file tool without its path is a malformed call: it names the root, which no rule allows to edit. */
const NOWHERE = '/';

/** What a call of Claude Code would do. */
export function actionOf(tool: string, input: unknown): Action {
  switch (tool) {
    case 'Read':
      return { kind: 'read', path: field(input, 'file_path') ?? NOWHERE };
    case 'Grep':
    case 'Glob':
      return { kind: 'search', path: field(input, 'path') ?? '.' };
    case 'Edit':
    case 'Write':
      return { kind: 'edit', path: field(input, 'file_path') ?? NOWHERE };
    case 'NotebookEdit':
      return { kind: 'edit', path: field(input, 'notebook_path') ?? NOWHERE };
    case 'Bash':
      return {
        kind: 'shell',
        command: field(input, 'command') ?? '',
        background: flag(input, 'run_in_background'),
      };
    case 'WebFetch':
    case 'WebSearch':
      return { kind: 'web' };
    case 'Skill':
      return { kind: 'skill', name: skillName(field(input, 'skill') ?? '') };
    case 'Agent':
    case 'Task':
      return { kind: 'subagents' };
    default:
      return mcpAction(tool, input);
  }
}

function mcpAction(tool: string, input: unknown): Action {
  if (tool.startsWith(AIOS_PREFIX)) return aiosAction(neutralName(tool), input);
  return tool.startsWith('mcp__') ? { kind: 'extra', tool } : { kind: 'unknown', tool };
}

/** The name the rest of AIOS uses: its own tools without Claude Code's prefix. */
export function neutralName(tool: string): string {
  return tool.startsWith(AIOS_PREFIX) ? tool.slice(AIOS_PREFIX.length) : tool;
}

/** See {@link ToolKind}. */
export function kindOf(tool: string, input: unknown): ToolKind {
  const { kind } = actionOf(tool, input);
  if (kind === 'subagents' || kind === 'skill' || kind === 'extra' || kind === 'unknown') return 'other';
  return kind;
}

/** The exact command, path or question of a call, whole: somebody may have to decide on it. */
export function fullTitle(tool: string, input: unknown): string {
  const named = [
    'command',
    'file_path',
    'notebook_path',
    'pattern',
    'url',
    'query',
    'question',
    'skill',
    'text',
    'description',
  ];
  const found = named.map((name) => field(input, name)).find((value) => value !== undefined);
  return found ?? `${neutralName(tool)} ${JSON.stringify(input)}`;
}

/** The same as one short line, for lists. */
export function shortTitle(tool: string, input: unknown): string {
  return oneLine(fullTitle(tool, input));
}

import type { HookCallback, McpServerConfig, Options } from '@anthropic-ai/claude-agent-sdk';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { claudeEnvironment } from './environment.ts';
import { bundledExecutable, type ClaudeProcess } from './process.ts';
import { skillOptions } from './skills.ts';
import { AIOS_SERVER, offeredTools } from './tools.ts';

/** Transcripts are what a waiting run resumes from; Claude Code would remove them after 30 days. */
const KEEP_SESSIONS_DAYS = 3650;

/** The role's prompt, then what was trusted of the repository, each with its source. */
export function systemPrompt(assignment: Assignment): string {
  const context = assignment.context.map(({ source, text }) => `# ${source}\n\n${text}`);
  return [assignment.systemPrompt, ...context].join('\n\n');
}

function mcpServers({ mcp, extraMcpServers }: Assignment): Record<string, McpServerConfig> {
  const extra = Object.entries(extraMcpServers).filter(([name]) => name !== AIOS_SERVER);
  return {
    ...Object.fromEntries(
      extra.map(([name, server]) => [name, 'url' in server ? server : { type: 'stdio' as const, ...server }]),
    ),
    [AIOS_SERVER]: {
      type: 'http',
      url: mcp.url,
      headers: { authorization: `Bearer ${mcp.token}` },
      alwaysLoad: true,
    },
  };
}

function session({ session: { id, resume } }: Assignment): Pick<Options, 'resume' | 'sessionId'> {
  return resume ? { resume: id } : { sessionId: id };
}

function executable(assignment: Assignment): Pick<Options, 'pathToClaudeCodeExecutable'> {
  const path = assignment.executable ?? bundledExecutable();
  return path === undefined ? {} : { pathToClaudeCodeExecutable: path };
}

/** The SDK's options for a run: nothing from the user's or the repository's settings, everything from the assignment. */
export function sdkOptions(
  assignment: Assignment,
  host: NodeJS.ProcessEnv,
  process: ClaudeProcess,
  hook: HookCallback,
  abortController: AbortController,
): Options {
  return {
    ...session(assignment),
    ...executable(assignment),
    cwd: assignment.workspace,
    model: assignment.model,
    env: claudeEnvironment(assignment, host),
    systemPrompt: systemPrompt(assignment),
    tools: offeredTools(assignment.policy),
    permissionMode: 'default',
    settingSources: [],
    ...skillOptions(assignment),
    settings: { cleanupPeriodDays: KEEP_SESSIONS_DAYS, includeCoAuthoredBy: false },
    mcpServers: mcpServers(assignment),
    // In argv, where the default puts them, every user of the machine could read the token.
    mcpServersDelivery: 'initialize',
    strictMcpConfig: true,
    maxTurns: assignment.limits.maxTurns,
    hooks: { PreToolUse: [{ hooks: [hook] }] },
    spawnClaudeCodeProcess: process.spawn,
    abortController,
  };
}

import { join } from 'node:path';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { runEnvironment } from '../../environment.ts';

/** Claude Code wants some key before it calls; the gateway holds the real one and replaces this text. */
const NOT_A_KEY = 'held-by-the-gateway';
/** Claude Code would retry 429, 529 and 5xx ten times over minutes; the engine's own retries are durable. */
const RETRIES = '3';

/** Claude Code's own configuration folder for a run with a key: sessions live here and survive the run. */
export function configFolder(assignment: Assignment): string {
  return join(assignment.home, 'claude');
}

/**
 * Where Claude Code keeps a session, relative to the home: its log and what belongs to it, in a folder named after where
 * it ran. A login run's sessions lie in the user's own folder and are left there.
 */
export function sessionFiles({ login, session }: Assignment): string[] {
  if (login === 'login') return [];
  return [`claude/projects/*/${session.id}.jsonl`, `claude/projects/*/${session.id}/*/*`];
}

function credentials(assignment: Assignment): Record<string, string> {
  // An own configuration folder hides the user's login, so a login run keeps the user's.
  if (assignment.login === 'login') return {};
  return { ANTHROPIC_API_KEY: NOT_A_KEY, CLAUDE_CONFIG_DIR: configFolder(assignment) };
}

/** Claude Code refuses some modes for root unless told that it is contained. */
function rootNote(): Record<string, string> {
  return process.getuid?.() === 0 ? { IS_SANDBOX: '1' } : {};
}

/** The whole environment of the Claude Code process: the SDK adds nothing of the host's. */
export function claudeEnvironment(assignment: Assignment, host: NodeJS.ProcessEnv): Record<string, string> {
  return {
    ...runEnvironment(assignment, host),
    ...credentials(assignment),
    ...rootNote(),
    ANTHROPIC_BASE_URL: assignment.gateway,
    CLAUDE_CODE_MAX_OUTPUT_TOKENS: String(assignment.limits.maxOutputTokens),
    CLAUDE_CODE_MAX_RETRIES: RETRIES,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: '1',
    DISABLE_AUTOUPDATER: '1',
    ENABLE_TOOL_SEARCH: 'false',
  };
}

import { resolve } from 'node:path';
import { commandMatches, simpleCommand } from '#protocol/agent/command.ts';
import type { ToolPolicy } from '#protocol/agent/policy.ts';
import { globMatches } from '#protocol/model/glob.ts';
import { below } from './paths.ts';
import { isReadOnly } from './read-only.ts';

/** What a tool call would do, in neutral words; each driver translates its own tools. */
export type Action =
  | { readonly kind: 'read' | 'search' | 'edit'; readonly path: string }
  | { readonly kind: 'shell'; readonly command: string; readonly background: boolean }
  | { readonly kind: 'web' | 'subagents' }
  /** `wait` is what the call itself says, where it does. */
  | { readonly kind: 'aios'; readonly tool: string; readonly wait?: boolean }
  /** Takes a skill into the conversation; what it then does is decided call by call. */
  | { readonly kind: 'skill'; readonly name: string }
  /** A tool of a trusted MCP server. */
  | { readonly kind: 'extra'; readonly tool: string }
  | { readonly kind: 'unknown'; readonly tool: string };

/** The action of an AIOS tool: whether it waits may be said by its input. */
export function aiosAction(tool: string, input: unknown): Action {
  const wait = typeof input === 'object' && input !== null && 'wait' in input ? input.wait : undefined;
  return { kind: 'aios', tool, ...(typeof wait === 'boolean' ? { wait } : {}) };
}

/** `ask`: the CEO decides. `await`: an AIOS tool whose answer may not be there yet. */
export type Decision =
  | { readonly kind: 'allow' | 'await' }
  | { readonly kind: 'deny' | 'ask'; readonly reason: string };

/** Where the run may read and write. All paths absolute and real. */
export interface PolicyContext {
  readonly policy: ToolPolicy;
  readonly workspace: string;
  readonly readable: readonly string[];
  /** Resolves links, also for paths that do not exist yet; `''` where there is no such place. Injected to stay pure. */
  readonly realPlace: (path: string) => string;
}

const ALLOW: Decision = { kind: 'allow' };

function deny(reason: string): Decision {
  return { kind: 'deny', reason };
}

function place(context: PolicyContext, path: string): string {
  return context.realPlace(resolve(context.workspace, path));
}

function insideWorkspace(context: PolicyContext, path: string): string | null {
  const real = place(context, path);
  return real === '' ? null : below(context.workspace, real);
}

function decideRead(context: PolicyContext, path: string): Decision {
  if (insideWorkspace(context, path) !== null) return ALLOW;
  const real = place(context, path);
  const allowed = real !== '' && context.readable.some((root) => below(root, real) !== null);
  return allowed ? ALLOW : deny(`${path} is outside your workspace. Work with the files in ${context.workspace}.`);
}

/** Protection ignores case: `.GIT/hooks` is `.git/hooks` on the file systems of two of our three platforms. */
function protectedBy(path: string, globs: readonly string[]): string | undefined {
  return globs.find((glob) => globMatches(glob.toLowerCase(), path.toLowerCase()));
}

function decideEdit(context: PolicyContext, path: string): Decision {
  const inside = insideWorkspace(context, path);
  if (inside === null || inside === '')
    return deny(`${path} is outside your workspace. Edit files in ${context.workspace}.`);
  // Hooks and config of the clone are programs that git runs: never an agent's to write.
  if (inside.toLowerCase().split('/').includes('.git'))
    return deny('Files of git itself cannot be edited; use git commands.');
  const guard = protectedBy(inside, context.policy.protected);
  if (guard !== undefined) return deny(`${inside} is protected (${guard}). Ask the Lead or the CEO if it must change.`);
  if (context.policy.writable.some((glob) => globMatches(glob, inside))) return ALLOW;
  return deny(
    `Your role may not edit ${inside}; it may edit ${context.policy.writable.join(', ') || 'nothing'}. Delegate this change.`,
  );
}

function decideShell(context: PolicyContext, command: string, background: boolean): Decision {
  if (background) return deny('Background commands end with your turn and are not offered; run it in the foreground.');
  if (context.policy.commands.some((declared) => commandMatches(command, declared))) return ALLOW;
  const argv = simpleCommand(command);
  if (!argv) return { kind: 'ask', reason: 'It is not one simple command.' };
  const inside = (path: string) => insideWorkspace(context, path) !== null;
  if (isReadOnly(argv, inside)) return ALLOW;
  return { kind: 'ask', reason: 'The command is not among those that run without asking.' };
}

function decideAios(policy: ToolPolicy, tool: string, wait: boolean | undefined): Decision {
  if (!policy.aiosTools.includes(tool)) return deny(`Your role may not use ${tool}.`);
  const waits = wait ?? policy.deferred.includes(tool);
  return waits && [...policy.deferred, ...(policy.waitable ?? [])].includes(tool) ? { kind: 'await' } : ALLOW;
}

function offered(policy: ToolPolicy, kind: ToolPolicy['tools'][number], decision: () => Decision): Decision {
  return policy.tools.includes(kind) ? decision() : deny(`Your role has no ${kind} tool.`);
}

/** Decides one tool call. Pure but for the injected `realPlace`; called before the call, never after. */
export function decide(context: PolicyContext, action: Action): Decision {
  const { policy } = context;
  switch (action.kind) {
    case 'read':
    case 'search':
      return offered(policy, action.kind, () => decideRead(context, action.path));
    case 'edit':
      return offered(policy, 'edit', () => decideEdit(context, action.path));
    case 'shell':
      return offered(policy, 'shell', () => decideShell(context, action.command, action.background));
    case 'web':
    case 'subagents':
      return offered(policy, action.kind, () => ALLOW);
    case 'aios':
      return decideAios(policy, action.tool, action.wait);
    case 'skill':
      return policy.skills?.includes(action.name) ? ALLOW : deny(`There is no skill ${action.name} in this run.`);
    case 'extra':
      return ALLOW;
    case 'unknown':
      return deny(`The tool ${action.tool} is not offered in this run.`);
  }
}

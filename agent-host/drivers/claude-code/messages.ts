import type {
  SDKAssistantMessage,
  SDKMessage,
  SDKResultMessage,
  SDKSystemMessage,
  SDKUserMessage,
} from '@anthropic-ai/claude-agent-sdk';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { capped } from '../../caps.ts';
import { skillName } from './skills.ts';
import { kindOf, neutralName, shortTitle } from './tools.ts';
import { contextOf, type UsageMeter } from './usage.ts';

type Block = SDKAssistantMessage['message']['content'][number];

function blockEvent(block: Block): AgentEvent | undefined {
  if (block.type === 'text') return block.text === '' ? undefined : { type: 'text', text: capped(block.text) };
  if (block.type === 'thinking') return { type: 'thinking', text: capped(block.thinking) };
  if (block.type !== 'tool_use') return undefined;
  return {
    type: 'tool-call',
    toolUseId: block.id,
    kind: kindOf(block.name, block.input),
    tool: neutralName(block.name),
    title: shortTitle(block.name, block.input),
    input: capped(JSON.stringify(block.input)),
  };
}

function assistantEvents(message: SDKAssistantMessage, meter: UsageMeter): AgentEvent[] {
  // Claude Code words an API error as if the model had said it; the result tells it as what it is.
  if (message.error !== undefined) return [];
  const events = message.message.content.map(blockEvent).filter((event) => event !== undefined);
  const { id, usage } = message.message;
  // A subagent's session is another one.
  const context = message.parent_tool_use_id === null ? { context: contextOf(usage) } : {};
  return [...events, { type: 'usage', usage: meter.message(id, usage), ...context }];
}

function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => {
      if (typeof part !== 'object' || part === null || !('type' in part)) return '';
      return 'text' in part && typeof part.text === 'string' ? part.text : `[${String(part.type)}]`;
    })
    .join('\n');
}

function userEvents(message: Pick<SDKUserMessage, 'message'>): AgentEvent[] {
  const { content } = message.message;
  if (typeof content === 'string') return [];
  return content.flatMap((block): AgentEvent[] => {
    if (block.type !== 'tool_result') return [];
    const output = capped(textOf(block.content));
    return [{ type: 'tool-result', toolUseId: block.tool_use_id, ok: block.is_error !== true, output }];
  });
}

/** The neutral events of one SDK message. Unknown messages mean nothing to us and are no error. */
export function eventsOf(message: SDKMessage, meter: UsageMeter): AgentEvent[] {
  if (message.type === 'assistant') return assistantEvents(message, meter);
  if (message.type === 'user') return userEvents(message);
  if (message.type === 'result') return [{ type: 'usage', usage: meter.turn(message.usage) }];
  return [];
}

/** What Claude Code says it loaded, as the first event of a run. */
export function startedEvent(
  init: SDKSystemMessage,
  sessionFiles: readonly string[],
  pids: readonly number[],
  { context, leftOut, policy }: Pick<Assignment, 'context' | 'leftOut' | 'policy'>,
): AgentEvent {
  return {
    type: 'started',
    session: init.session_id,
    sessionFiles: [...sessionFiles],
    pids: [...pids],
    loaded: {
      tools: init.tools.map(neutralName),
      mcpServers: init.mcp_servers.map(({ name, status }) => ({ name, status })),
      context: context.map(({ source }) => source),
      skills: init.skills.map(skillName).filter((name) => policy.skills?.includes(name)),
      leftOut: [...leftOut],
    },
  };
}

/** The words of a result, whichever kind it is. */
export function resultText(result: SDKResultMessage): string {
  return capped(result.subtype === 'success' ? result.result : result.errors.join('\n'));
}

import type { ModelBlock, ModelReply, ModelRequest } from '../doubles/model-server.ts';

/** Everything a request says, as text: system prompt and conversation, with line ends as they are. */
export function saidIn(request: ModelRequest): string {
  return `${JSON.stringify(request.system)}\n${JSON.stringify(request.messages)}`.replaceAll('\\n', '\n');
}

/** Where the agent works: its software tells the model. */
export function workspaceOf(request: ModelRequest): string {
  return /Primary working directory: ([^\s"\\]+)/.exec(saidIn(request))?.[1] ?? '/nowhere';
}

/** The role of the agent that asks; empty for calls its software makes on its own. */
export function roleOf(request: ModelRequest): string {
  return /role: ([a-z-]+)/.exec(saidIn(request))?.[1] ?? '';
}

/** What was said since the model's last answer. */
export function lastOf(request: ModelRequest): string {
  const at = request.messages.findLastIndex((message) => message.role === 'assistant');
  return JSON.stringify(request.messages.slice(at + 1)).replaceAll('\\n', '\n');
}

/** How often the model has answered in this conversation. */
export function turnsOf(request: ModelRequest): number {
  return request.messages.filter((message) => message.role === 'assistant').length;
}

/** A text. */
export const say = (text: string): ModelBlock => ({ type: 'text', text });

type ToolBlock = Extract<ModelBlock, { type: 'tool_use' }>;

let calls = 0;

/** A tool call with an id of its own. */
export function call(name: string, input: unknown): ToolBlock {
  calls += 1;
  return { type: 'tool_use', id: `toolu_${calls.toString(36).padStart(8, '0')}`, name, input };
}

/** A call of one of AIOS's tools. */
export const aios = (name: string, input: unknown = {}): ToolBlock => call(`mcp__aios__${name}`, input);
/** The same call with input that is streamed as it stands. */
export const garbled = (block: ToolBlock, raw: string): ModelBlock => ({ ...block, raw });
/** A shell command. */
export const shell = (command: string): ModelBlock => call('Bash', { command, description: 'Run it' });
/** A new file in the workspace. */
export const write = (request: ModelRequest, path: string, content: string): ModelBlock =>
  call('Write', { file_path: path.startsWith('/') ? path : `${workspaceOf(request)}/${path}`, content });
/** Whether the model was just told that its claim is recorded: a sane one ends its turn. */
export const claimed = (request: ModelRequest): boolean => lastOf(request).includes('Recorded. End your turn');
/** The claim that the task is done. */
export const done = (summary = 'It is done.'): ModelBlock => aios('complete_task', { summary });

/** One answer of the model; a function sees what was asked. */
export type Act = ModelBlock | readonly ModelBlock[] | ((request: ModelRequest) => ModelBlock | readonly ModelBlock[]);

/**
 * A model that does one act an answer and then ends its turn. Where it stands is read from the conversation, so that a
 * resumed session goes on and a new one begins anew.
 */
export function acting(acts: readonly Act[], end = 'That was all.'): (request: ModelRequest) => ModelReply {
  return (request) => {
    if (!request.tools?.length) return { blocks: [say('A title')] };
    const act = acts[turnsOf(request)] ?? say(end);
    const blocks = typeof act === 'function' ? act(request) : act;
    return { blocks: Array.isArray(blocks) ? [...(blocks as readonly ModelBlock[])] : [blocks as ModelBlock] };
  };
}

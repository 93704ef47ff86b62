import { type Answer, piecesOf } from './answer.ts';
import type { PromptUsage } from './prompt-cache.ts';

/** What an answer in the form of the Messages API is made of. */
export interface MessageParts {
  readonly id: string;
  readonly model: string;
  readonly answer: Answer;
  readonly usage: PromptUsage;
}

const GARBAGE = '{"file_path": "a.ts", "oops';
const TEXT_PIECE = 24;
const INPUT_PIECE = 16;

function usageOf(usage: PromptUsage, outputTokens: number): Record<string, unknown> {
  return {
    input_tokens: usage.input,
    output_tokens: outputTokens,
    cache_read_input_tokens: usage.cacheRead,
    cache_creation_input_tokens: usage.cacheWrite5m + usage.cacheWrite1h,
    cache_creation: {
      ephemeral_5m_input_tokens: usage.cacheWrite5m,
      ephemeral_1h_input_tokens: usage.cacheWrite1h,
    },
  };
}

function event(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}

function block(
  index: number,
  start: Record<string, unknown>,
  deltas: ReadonlyArray<Record<string, unknown>>,
): string[] {
  return [
    event('content_block_start', { index, content_block: start }),
    ...deltas.map((delta) => event('content_block_delta', { index, delta })),
    event('content_block_stop', { index }),
  ];
}

function textBlock(index: number, text: string): string[] {
  const deltas = piecesOf(text, TEXT_PIECE).map((piece) => ({ type: 'text_delta', text: piece }));
  return block(index, { type: 'text', text: '' }, deltas);
}

function toolBlock(index: number, tool: Answer['tools'][number], garbage: boolean): string[] {
  const input = garbage ? GARBAGE : JSON.stringify(tool.input);
  const deltas = ['', ...piecesOf(input, INPUT_PIECE)].map((piece) => ({
    type: 'input_json_delta',
    partial_json: piece,
  }));
  return block(index, { type: 'tool_use', id: tool.id, name: tool.name, input: {} }, deltas);
}

/** An answer as a row of server-sent events. */
export function messageEvents({ id, model, answer, usage }: MessageParts): string[] {
  const message = {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageOf(usage, 1),
  };
  const text = answer.text === '' ? [] : textBlock(0, answer.text);
  const first = text.length > 0 ? 1 : 0;
  return [
    event('message_start', { message }),
    event('ping', {}),
    ...text,
    ...answer.tools.flatMap((tool, index) => toolBlock(first + index, tool, answer.garbage)),
    event('message_delta', {
      delta: { stop_reason: answer.stop, stop_sequence: null },
      usage: { output_tokens: answer.outputTokens },
    }),
    event('message_stop', {}),
  ];
}

/** An answer as one document. */
export function messageDocument({ id, model, answer, usage }: MessageParts): Record<string, unknown> {
  const text = answer.text === '' ? [] : [{ type: 'text', text: answer.text }];
  const tools = answer.tools.map(({ id: toolId, name, input }) => ({
    type: 'tool_use',
    id: toolId,
    name,
    input: answer.garbage ? GARBAGE : input,
  }));
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [...text, ...tools],
    stop_reason: answer.stop,
    stop_sequence: null,
    usage: usageOf(usage, answer.outputTokens),
  };
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

/** An error as one document. */
export function errorDocument(status: number, message: string): Record<string, unknown> {
  return { type: 'error', error: { type: ERROR_TYPES[status] ?? 'api_error', message } };
}

/** The list of models. */
export function modelsDocument(models: readonly string[]): Record<string, unknown> {
  const data = models.map((id) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '2026-01-01T00:00:00Z',
  }));
  return { data, has_more: false, first_id: models[0] ?? null, last_id: models.at(-1) ?? null };
}

import { type Answer, piecesOf } from './answer.ts';

/** What an answer in the form of Ollama's chat API is made of. */
export interface ChatParts {
  readonly model: string;
  readonly createdAt: string;
  readonly answer: Answer;
  readonly promptTokens: number;
}

const TEXT_PIECE = 24;

function callsOf(answer: Answer): unknown[] {
  return answer.tools.map(({ name, input }) => ({
    function: { name, arguments: answer.garbage ? '{"oops' : input },
  }));
}

function ending({ answer, promptTokens }: ChatParts): Record<string, unknown> {
  return {
    done: true,
    done_reason: answer.stop === 'max_tokens' ? 'length' : 'stop',
    total_duration: 1,
    load_duration: 0,
    prompt_eval_count: promptTokens,
    prompt_eval_duration: 1,
    eval_count: answer.outputTokens,
    eval_duration: 1,
  };
}

/** An answer as lines of JSON. */
export function chatLines(parts: ChatParts): string[] {
  const { model, createdAt, answer } = parts;
  const head = { model, created_at: createdAt };
  const say = (content: string, more: Record<string, unknown> = {}) => ({
    role: 'assistant',
    content,
    ...more,
  });
  const lines: unknown[] = piecesOf(answer.text, TEXT_PIECE).map((piece) => ({
    ...head,
    message: say(piece),
    done: false,
  }));
  if (answer.tools.length > 0) lines.push({ ...head, message: say('', { tool_calls: callsOf(answer) }), done: false });
  lines.push({ ...head, message: say(''), ...ending(parts) });
  return lines.map((line) => `${JSON.stringify(line)}\n`);
}

/** An answer as one document. */
export function chatDocument(parts: ChatParts): Record<string, unknown> {
  const { model, createdAt, answer } = parts;
  const calls = answer.tools.length > 0 ? { tool_calls: callsOf(answer) } : {};
  const message = { role: 'assistant', content: answer.text, ...calls };
  return { model, created_at: createdAt, message, ...ending(parts) };
}

/** The list of models, as local ones. */
export function tagsDocument(models: readonly string[]): Record<string, unknown> {
  const details = {
    format: 'rehearsal',
    family: 'rehearsal',
    parameter_size: '0',
    quantization_level: 'none',
  };
  const modified = '2026-01-01T00:00:00Z';
  return {
    models: models.map((name) => ({
      name,
      model: name,
      modified_at: modified,
      size: 1,
      digest: name,
      details,
    })),
  };
}

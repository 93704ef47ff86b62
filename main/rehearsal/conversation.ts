/** A tool call the model made earlier, as the conversation shows it. */
export interface PastCall {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
}

/** What a request says, in the form rules are matched on; the same for every API. */
export interface Conversation {
  readonly model: string;
  readonly maxTokens: number;
  readonly stream: boolean;
  readonly hasTools: boolean;
  /** System prompt and system messages. */
  readonly system: string;
  /** Text of the first user message, without reminders of the agent software. */
  readonly task: string;
  /** What was said since the model's last answer. */
  readonly last: string;
  /** Everything said by anybody. */
  readonly all: string;
  readonly calls: readonly PastCall[];
  /** Texts of the model so far. */
  readonly answers: readonly string[];
}

interface Said {
  readonly role: string;
  readonly text: string;
  readonly calls: readonly PastCall[];
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text of a content value: a string, or blocks of text and tool results, nested as they come. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  const parts = list(content).map((part) => {
    const block = record(part);
    return typeof block['text'] === 'string' ? block['text'] : textOf(block['content']);
  });
  return parts.filter((part) => part !== '').join('\n');
}

function blockCalls(content: unknown): PastCall[] {
  return list(content)
    .map(record)
    .filter((block) => block['type'] === 'tool_use')
    .map((block) => ({ id: String(block['id']), name: String(block['name']), input: block['input'] }));
}

function listedCalls(calls: unknown): PastCall[] {
  return list(calls).map((call) => {
    const { id, function: called } = record(call);
    return {
      id: typeof id === 'string' ? id : '',
      name: String(record(called)['name']),
      input: record(called)['arguments'],
    };
  });
}

function saidIn(message: unknown): Said {
  const { role, content, tool_calls: calls } = record(message);
  return {
    role: String(role),
    text: textOf(content),
    calls: [...blockCalls(content), ...listedCalls(calls)],
  };
}

function withoutReminders(text: string): string {
  return text.replace(/<system-reminder>[\s\S]*?<\/system-reminder>\s*/g, '').trim();
}

function outputLimit(body: Record<string, unknown>): number {
  const limit = body['max_tokens'] ?? record(body['options'])['num_predict'];
  return typeof limit === 'number' && limit > 0 ? limit : 8192;
}

/** Reads a request body of the Anthropic Messages API or of Ollama's chat API. */
export function conversationOf(json: unknown, streamByDefault: boolean): Conversation {
  const body = record(json);
  const said = list(body['messages']).map(saidIn);
  const ofRole = (...roles: string[]) => said.filter((message) => roles.includes(message.role));
  const since = said.slice(said.findLastIndex((message) => message.role === 'assistant') + 1);
  const stream = body['stream'];
  return {
    model: typeof body['model'] === 'string' ? body['model'] : '',
    maxTokens: outputLimit(body),
    stream: typeof stream === 'boolean' ? stream : streamByDefault,
    hasTools: list(body['tools']).length > 0,
    system: [textOf(body['system']), ...ofRole('system').map((message) => message.text)].join('\n'),
    task: withoutReminders(ofRole('user')[0]?.text ?? ''),
    last: since.map((message) => withoutReminderOfStart(message, said[0])).join('\n'),
    all: said.map((message) => message.text).join('\n'),
    calls: said.flatMap((message) => message.calls),
    answers: ofRole('assistant').map((message) => message.text),
  };
}

/** Reminders that come first in a conversation are the agent software's own and long; later ones may be doorbells. */
function withoutReminderOfStart(message: Said, first: Said | undefined): string {
  return message === first ? withoutReminders(message.text) : message.text;
}

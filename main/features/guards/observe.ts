import type { AgentEvent } from '#protocol/agent/event.ts';
import type { Effect, Observation } from './observation.ts';

type Call = Extract<AgentEvent, { type: 'tool-call' }>;

/** A shell command that leaves something behind, as far as its words tell. */
const WRITES =
  /(?:^|[\s;&|(])(?:mv|cp|rm|mkdir|touch|tee|patch|ln|chmod|install|sed\s+(?:-\w+\s+)*-i\w*|git\s+(?:apply|checkout|commit|restore|reset|stash|merge|rebase|mv|rm)|(?:npm|pnpm|yarn|pip|cargo|go)\s+(?:i|install|ci|add|get))\b|(?<![0-9&])>>?(?!&|\s*\/dev\/null)/;

function effectOf(call: Call): Effect {
  if (call.kind === 'edit') return 'change';
  if (call.kind === 'shell') return WRITES.test(commandOf(call.input)) ? 'change' : 'run';
  return call.kind === 'aios' || call.kind === 'other' ? 'talk' : 'look';
}

function field(input: string, name: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(input);
    const value: unknown = typeof parsed === 'object' && parsed !== null ? Reflect.get(parsed, name) : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    // Cut at the driver's cap: what is left is still compared as text.
    return undefined;
  }
}

const commandOf = (input: string) => field(input, 'command') ?? input;

/** Tools are named in notices: nothing but a name may stand there. */
const plainTool = (tool: string) => tool.replace(/[^\w.-]/g, '').slice(0, 60);

/** What an agent does, call by call: a call counts when its result is there. */
export interface Eye {
  /** What the guards are told by an event, if anything. */
  see(event: AgentEvent): readonly Observation[];
  /** Calls without a result: something is running. */
  open(): number;
}

/** See {@link Eye}. `replayed`: calls of an earlier run that this one makes again, which it does not announce. */
export function createEye(by: string, replayed: readonly string[] = []): Eye {
  const open = new Map<string, Call | null>(replayed.map((id) => [id, null]));
  const close = (id: string, ok: boolean, output: string): readonly Observation[] => {
    const call = open.get(id);
    open.delete(id);
    if (!call) return [];
    const { input } = call;
    const tool = plainTool(call.tool);
    const step: Observation = { kind: 'step', by, tool, effect: effectOf(call), input, ok, output };
    const claims = ok && call.kind === 'aios' && tool === 'complete_task' && field(input, 'status') !== 'blocked';
    return claims ? [step, { kind: 'done', by }] : [step];
  };
  return {
    see(event) {
      if (event.type === 'text') return [{ kind: 'text', by, text: event.text }];
      if (event.type === 'tool-call') open.set(event.toolUseId, event);
      if (event.type === 'tool-result') return close(event.toolUseId, event.ok, event.output);
      if (event.type === 'denied') return close(event.toolUseId, false, event.reason);
      return [];
    },
    open: () => open.size,
  };
}

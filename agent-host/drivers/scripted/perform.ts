import { once } from 'node:events';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent, DeferredCall } from '#protocol/agent/event.ts';
import { capped, oneLine } from '../../caps.ts';
import type { GatedCall, Verdict } from '../../policy/gate.ts';
import { aiosAction } from '../../policy/index.ts';
import { type Failure, failureOf } from '../failure.ts';
import { appendLedger, askModel, callAios, editFile, type Outcome, runProgram } from './actions.ts';
import { type AiosCall, answersTo } from './answers.ts';
import type { Step } from './steps.ts';

/** What the steps of one run share. */
export interface Stage {
  readonly assignment: Assignment;
  readonly emit: (event: AgentEvent) => void;
  readonly gate: (call: GatedCall) => Verdict;
  /** Aborted by an interrupt or the end of the host. */
  readonly signal: AbortSignal;
  /** What the next model call will say: results, refusals, notices. */
  readonly heard: string[];
  readonly usage: { input: number; output: number };
}

/** How a step ended. `rested`: so has the turn. */
export type StepEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'rested' }
  | { readonly kind: 'deferred'; readonly call: DeferredCall }
  | { readonly kind: 'failed'; readonly failure: Failure };

const DONE: StepEnd = { kind: 'done' };

/** What a call says whose answer may claim a full context. */
export const FILLS = 'This fills the session.';

type ToolKind = Extract<AgentEvent, { type: 'tool-call' }>['kind'];

function quotedWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word}'`;
}

async function tool(stage: Stage, kind: ToolKind, call: GatedCall, act: () => Promise<Outcome>): Promise<StepEnd> {
  const { toolUseId } = call;
  stage.emit({
    type: 'tool-call',
    toolUseId,
    kind,
    tool: call.tool,
    title: oneLine(call.title),
    input: capped(JSON.stringify(call.input)),
  });
  const verdict = stage.gate(call);
  if (verdict.kind === 'defer') return { kind: 'deferred', call: verdict.call };
  const outcome = verdict.kind === 'run' ? await act() : { ok: false, output: verdict.reason };
  stage.heard.push(outcome.output);
  stage.emit({ type: 'tool-result', toolUseId, ok: outcome.ok, output: capped(outcome.output) });
  return DONE;
}

async function model(stage: Stage, text: string): Promise<StepEnd> {
  const words = [...stage.heard.splice(0), text];
  try {
    const answer = await askModel(stage.assignment, words, stage.signal);
    if (answer.status !== 200)
      return { kind: 'failed', failure: failureOf({ status: answer.status, detail: answer.text }) };
    stage.usage.input += answer.usage.input_tokens;
    stage.usage.output += answer.usage.output_tokens;
    const context = answer.usage.input_tokens + answer.usage.output_tokens;
    stage.emit({ type: 'text', text: capped(answer.text) });
    stage.emit({ type: 'usage', usage: { ...stage.usage, cacheWrite: 0, cacheRead: 0 }, context });
    return DONE;
  } catch (error) {
    return { kind: 'failed', failure: failureOf({ status: null, detail: String(error) }) };
  }
}

async function flood(bytes: number): Promise<void> {
  const chunk = 'x'.repeat(64 * 1024);
  for (let written = 0; written < bytes; written += chunk.length) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}

function until(signal: AbortSignal, ms?: number): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (ms !== undefined) setTimeout(resolve, ms);
  });
}

function aios(stage: Stage, { tool: name, input }: AiosCall, toolUseId: string): Promise<StepEnd> {
  const title = `${name} ${JSON.stringify(input)}`;
  const call = { toolUseId, tool: name, action: aiosAction(name, input), input, title } as const;
  return tool(stage, 'aios', call, () => callAios(stage.assignment, name, input, toolUseId));
}

/** Answers what there is; the ids of the calls are those of the messages, so that a resumed run repeats them. */
async function answerMessages(stage: Stage, toolUseId: string): Promise<StepEnd> {
  const read = await aios(stage, { tool: 'read_messages', input: {} }, `${toolUseId}-read`);
  if (read.kind !== 'done') return read;
  for (const { id, call } of answersTo(stage.heard.at(-1) ?? '')) {
    const end = await aios(stage, call, `${toolUseId}-${id}`);
    if (end.kind !== 'done') return end;
  }
  return DONE;
}

/** Performs one step. The id of its tool call depends on the session and the index only, so a resumed run repeats it. */
export async function perform(stage: Stage, step: Step, index: number): Promise<StepEnd> {
  const { assignment } = stage;
  const toolUseId = `${assignment.session.id}-${index}`;
  if ('say' in step) stage.emit({ type: 'text', text: capped(step.say) });
  else if ('model' in step) return model(stage, step.model);
  else if ('fill' in step) return model(stage, FILLS);
  else if ('edit' in step) {
    const { path, content } = step.edit;
    const call = {
      toolUseId,
      tool: 'edit',
      action: { kind: 'edit', path },
      input: step.edit,
      title: path,
    } as const;
    return tool(stage, 'edit', call, () => Promise.resolve(editFile(assignment, path, content)));
  } else if ('shell' in step) {
    const command = step.shell.map(quotedWord).join(' ');
    const action = { kind: 'shell', command, background: false } as const;
    const call = { toolUseId, tool: 'shell', action, input: step.shell, title: command };
    return tool(stage, 'shell', call, () => runProgram(assignment, step.shell, stage.signal));
  } else if ('mcp' in step) {
    return aios(stage, step.mcp, toolUseId);
  } else if ('answer' in step) return answerMessages(stage, toolUseId);
  else if ('ledger' in step) appendLedger(step.ledger.path, step.ledger.line.replaceAll('{run}', assignment.run));
  else if ('flood' in step) await flood(step.flood);
  else if ('pause' in step) await until(stage.signal, step.pause);
  else if ('hang' in step) await until(stage.signal);
  else if ('rest' in step) return { kind: 'rested' };
  else if ('crash' in step) process.kill(process.pid, 'SIGKILL');
  else process.exit(0);
  return DONE;
}

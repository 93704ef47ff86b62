import { mkdirSync } from 'node:fs';
import type { Assignment } from '#protocol/agent/assignment.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { temporaryFolder } from '../../environment.ts';
import { toolGate } from '../../policy/gate.ts';
import type { Driver, DriverIo } from '../driver.ts';
import { crashOf, failureOf } from '../failure.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { perform, type Stage } from './perform.ts';
import { asksForThis, readScript, type Step } from './steps.ts';

/** A script, or nothing when the prompt is only words: a resumed session is often told no more than to go on. */
function stepsOf(prompt: string, workspace: string): Step[] | null {
  try {
    return readScript(prompt, workspace);
  } catch {
    return null;
  }
}

function opened(assignment: Assignment): Checkpoint | AgentEvent {
  const { session, home, workspace, prompt } = assignment;
  const known = session.resume
    ? loadCheckpoint(home, session.id)
    : { session: session.id, prompts: [], steps: [], next: 0 };
  if (!known) return failureOf({ status: null, detail: `No conversation found with session ID: ${session.id}` });
  if (prompt === undefined || known.prompts.includes(prompt)) return known;
  // A role that says itself what to do does that, whatever it is woken for: a prompt may quote the scripts of others.
  const own = session.resume || asksForThis(prompt) ? null : stepsOf(assignment.systemPrompt, workspace);
  const steps = own ?? stepsOf(prompt, workspace);
  if (steps) return { ...known, prompts: [...known.prompts, prompt], steps: [...known.steps, ...steps] };
  if (session.resume) return known;
  const fault = faultOf(
    'no-script',
    'The prompt is not a script.',
    'This driver plays scripts only.',
    'Give a JSON list of steps.',
  );
  return { type: 'failed', kind: 'protocol', fault };
}

/** Steps that never come back, or come back cut: a resumed session goes on after them. */
function isPassed(step: Step): boolean {
  return 'crash' in step || 'exitSilently' in step || 'hang' in step || 'pause' in step;
}

async function play(stage: Stage, start: Checkpoint): Promise<AgentEvent[]> {
  let at = start;
  const passTo = (next: number): void => {
    at = { ...at, next };
    saveCheckpoint(stage.assignment.home, at);
  };
  saveCheckpoint(stage.assignment.home, at);
  for (let step = at.steps[at.next]; step && !stage.signal.aborted; step = at.steps[at.next]) {
    const index = at.next;
    if (isPassed(step)) passTo(index + 1);
    const end = await perform(stage, step, index);
    if (stage.signal.aborted) break;
    if (end.kind === 'failed') return [end.failure];
    if (end.kind === 'deferred') {
      return [
        { type: 'deferred', call: end.call },
        { type: 'finished', reason: 'deferred', text: '' },
      ];
    }
    passTo(index + 1);
    if (end.kind === 'rested') break;
  }
  return [
    {
      type: 'finished',
      reason: stage.signal.aborted ? 'interrupted' : 'completed',
      text: stage.heard.at(-1) ?? '',
    },
  ];
}

async function run(assignment: Assignment, io: DriverIo): Promise<void> {
  try {
    mkdirSync(temporaryFolder(assignment), { recursive: true });
    const start = opened(assignment);
    if ('type' in start) return io.emit(start);
    const interrupt = new AbortController();
    const heard: string[] = [];
    io.onInterrupt(() => interrupt.abort());
    io.onNotify((notice) => heard.push(notice.text));
    const loaded = {
      tools: assignment.policy.tools,
      mcpServers: [{ name: 'aios', status: 'connected' }],
      context: [],
      skills: [],
      leftOut: [],
    };
    const { id } = assignment.session;
    io.emit({ type: 'started', session: id, sessionFiles: [`scripted-${id}.json`], pids: [], loaded });
    const stage: Stage = {
      assignment,
      emit: io.emit,
      gate: toolGate(assignment, io.emit),
      signal: AbortSignal.any([interrupt.signal, io.signal]),
      heard,
      usage: { input: 0, output: 0 },
    };
    const events = await play(stage, start);
    if (!io.signal.aborted) events.forEach(io.emit);
  } catch (error) {
    io.emit(crashOf(String(error)));
  }
}

/** A double: plays a script instead of asking a model. For tests of everything around an agent. */
export const scripted: Driver = {
  name: 'scripted',
  capabilities: {
    resume: true,
    interrupt: true,
    midTurnNotice: true,
    defer: true,
    sessionFiles: true,
    structuredOutput: false,
    costReporting: true,
    metered: 'before',
  },
  run,
};

import { mkdirSync } from 'node:fs';
import { type Query, query, type SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { temporaryFolder } from '../../environment.ts';
import { toolGate } from '../../policy/gate.ts';
import { sandboxSpec } from '../../sandbox/index.ts';
import type { DriverIo } from '../driver.ts';
import { configFolder, sessionFiles } from './environment.ts';
import { preToolUse } from './hook.ts';
import { type InputStream, inputStream } from './input-stream.ts';
import { eventsOf, startedEvent } from './messages.ts';
import { createNotices } from './notices.ts';
import { sdkOptions } from './options.ts';
import { type OrderedEvents, ordered } from './ordered.ts';
import { noProgress, outcome, type Progress, refusal, waitsFor } from './outcome.ts';
import { bundledExecutable, type ClaudeProcess, claudeProcess } from './process.ts';
import { writeSkills } from './skills.ts';
import { usageMeter } from './usage.ts';

/** A resumed session that has nothing deferred waits for words for ever; after this long it gets some. */
const SILENT_RESUME_MS = 10_000;
const GO_ON = 'Continue from where you left off.';

/** Everything one run consists of. */
interface Conversation {
  readonly assignment: Assignment;
  readonly progress: Progress;
  readonly events: OrderedEvents;
  readonly input: InputStream;
  readonly child: ClaudeProcess;
}

function interruptQuietly(running: Query): void {
  // It fails only when Claude Code is already gone, and then the conversation ends by itself.
  running.interrupt().catch(() => undefined);
}

/** One run of Claude Code. Rejects never: every end is an event. */
export async function runClaude(assignment: Assignment, io: DriverIo): Promise<void> {
  const progress = noProgress();
  const events = ordered(io.emit);
  let lastWords = '';
  try {
    lastWords = await converse(assignment, io, progress, events);
  } catch (error) {
    // The SDK also throws after an error result it has reported: then the result is what counts.
    lastWords = error instanceof Error ? error.message : String(error);
  }
  events.release();
  if (!io.signal.aborted) outcome(progress, lastWords || 'It ended without a word.').forEach(io.emit);
}

async function converse(
  assignment: Assignment,
  io: DriverIo,
  progress: Progress,
  events: OrderedEvents,
): Promise<string> {
  for (const folder of [temporaryFolder(assignment), configFolder(assignment)]) mkdirSync(folder, { recursive: true });
  writeSkills(assignment);
  const executable = assignment.executable ?? bundledExecutable() ?? '';
  const child = claudeProcess(sandboxSpec(assignment, process.env, [executable]));
  const input = inputStream(assignment.session.id);
  const abort = new AbortController();
  const end = (): void => {
    abort.abort();
    child.kill();
  };
  io.signal.addEventListener('abort', end);
  const notices = createNotices(input, () => running);
  const hook = preToolUse(toolGate(assignment, events.emit), progress, notices.withdraw);
  const running: Query = query({ prompt: input, options: sdkOptions(assignment, process.env, child, hook, abort) });
  if (assignment.prompt !== undefined) input.say(assignment.prompt);
  io.onNotify(notices.say);
  io.onInterrupt(() => {
    progress.interrupted = true;
    if (progress.started) interruptQuietly(running);
  });
  try {
    await listen({ assignment, progress, events, input, child }, running);
  } catch (error) {
    if (progress.result === undefined) throw new Error(`${String(error)}\n${child.stderr()}`.trim());
  } finally {
    end();
  }
  return child.stderr();
}

async function listen(conversation: Conversation, running: Query): Promise<void> {
  const { assignment, progress, events, input } = conversation;
  const meter = usageMeter();
  const silence = setTimeout(() => {
    if (assignment.prompt === undefined && !progress.started && !progress.asked) input.say(GO_ON);
  }, SILENT_RESUME_MS);
  try {
    for await (const message of running) {
      begin(conversation, running, message);
      if (message.type === 'assistant' && message.error) progress.category = message.error;
      eventsOf(message, meter).forEach(events.emit);
      progress.failure = refusal(message);
      if (progress.failure) return;
      if (message.type !== 'result') continue;
      progress.result = message;
      // A turn that begins all the same must not go on as if the call had been made.
      if (waitsFor(message, progress) && message.queued_turn_count) return;
      // What was said before is still read; what comes later has to wait for the next run.
      input.close();
    }
  } finally {
    clearTimeout(silence);
  }
}

function begin({ assignment, progress, events, child }: Conversation, running: Query, message: SDKMessage): void {
  if (progress.started || message.type !== 'system' || message.subtype !== 'init') return;
  progress.started = true;
  events.emit(startedEvent(message, sessionFiles(assignment), child.pids(), assignment));
  if (progress.interrupted) interruptQuietly(running);
}

import type { z } from 'zod';
import type { StreamHandle } from '#main/engine/engine.ts';
import type { CrewFile } from '#main/features/crew/index.ts';
import type { DecisionService } from '#main/features/decisions/index.ts';
import type { GoalCommand } from '#main/features/goals/index.ts';
import type { MessageService } from '#main/features/messages/index.ts';
import type { ImageType } from '#main/platform/image-type.ts';
import type { Result } from '#main/platform/result.ts';
import type { ObjectStore } from '#main/ports/object-store/port.ts';
import type { AgentEvent } from '#protocol/agent/event.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';

/** Who calls: known by its run token, never by what it says. */
export interface Caller {
  readonly goal: string;
  readonly agent: string;
  readonly attempt: string;
  readonly run: string;
  /** Tools its role may use. */
  readonly allowed: ReadonlySet<string>;
}

/** What the tools act on. */
export interface ToolWorld {
  readonly goals: StreamHandle<Goal, GoalCommand>;
  readonly messages: MessageService;
  readonly decisions: DecisionService;
  readonly objects: ObjectStore;
  /** What was said and done in a run. */
  transcript(run: string): Promise<ReadonlyArray<{ readonly at: number; readonly event: AgentEvent }>>;
  texts(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  newId(prefix: string): string;
  /** The crew as it was when the goal was stated. */
  crewOf(goal: Goal): Promise<CrewFile>;
  /** Wall-clock milliseconds. */
  now(): number;
}

/** One call of a tool. `toolUseId` is the driver's own id of the call; a replayed call has the same. */
export interface ToolCall {
  readonly caller: Caller;
  readonly toolUseId: string | null;
  readonly world: ToolWorld;
}

/** A picture as an answer. */
export interface Picture {
  readonly type: ImageType;
  readonly bytes: Uint8Array;
}

/** One of AIOS's tools. Its answer is text for the model, or a picture; a refusal says what to do instead. */
export interface Tool<Input = unknown> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  run(input: Input, call: ToolCall): Promise<Result<string | Picture, Fault>>;
}

/** Keeps the input's type inside a tool while tools of all kinds live in one list. */
export function tool<Input>(definition: Tool<Input>): Tool {
  return {
    ...definition,
    run: (input, call) => definition.run(input as Input, call),
  } as Tool;
}

/** What a call that waits is waiting for: a message or a wait key, and whose turn it is. */
export interface Pending {
  readonly on: string;
  readonly owner: string;
}

/** There is nothing left to act on. */
export const NO_GOAL: Fault = faultOf('no-goal', 'The goal is gone.', 'It is not in the store.', 'End your turn.');

/** The message an agent was woken for: a chain of wake-ups is counted also where nobody sets reply_to. */
export function causeOf(goal: Goal, caller: Caller): string | null {
  const task = goal.tasks[goal.attempts[caller.attempt]?.task ?? ''];
  return task?.kind === 'reply' ? task.about : null;
}

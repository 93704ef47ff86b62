import type { Engine, StreamHandle } from '#main/engine/engine.ts';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Bound, bindingOn } from '#protocol/model/decision/binds.ts';
import type { Decision, Decisions } from '#protocol/model/decision/state.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { decisionArea } from './area.ts';
import type { DecisionCommand, Recorded } from './decide.ts';

/** A decision with its texts. */
export interface ReadableDecision extends Decision {
  readonly subjectText: string;
  readonly textText: string;
}

/** Shared decisions as the rest of the orchestrator uses them. */
export interface DecisionService {
  /** Records a decision once; the same `command` again is the same decision. */
  record(
    project: string,
    decision: Recorded,
    command?: string,
  ): Promise<Result<{ decision: string; sequence: number }, Fault>>;
  retire(
    project: string,
    decision: { readonly decision: string; readonly by: string },
    command?: string,
  ): Promise<Result<{ sequence: number }, Fault>>;
  /** What binds somebody in a project now, the newest first. */
  binding(project: string, who: Bound): Promise<ReadableDecision[]>;
  /** All decisions of a project, those that hold no more included. */
  of(project: string): Decisions | undefined;
  projects(): readonly string[];
  readable(decisions: readonly Decision[]): Promise<ReadableDecision[]>;
}

/** See {@link DecisionService}. */
export function createDecisions(engine: Engine): DecisionService {
  const decisions: StreamHandle<Decisions, DecisionCommand> = engine.register(decisionArea);

  async function readable(found: readonly Decision[]): Promise<ReadableDecision[]> {
    const texts = await engine.payloads(found.flatMap((each) => [each.subject.id, each.text.id]));
    return found.map((each) => ({
      ...each,
      subjectText: texts.get(each.subject.id) ?? '',
      textText: texts.get(each.text.id) ?? '(forgotten)',
    }));
  }

  return {
    async record(project, decision, command) {
      const options = command === undefined ? {} : { id: command };
      const done = await decisions.execute(project, { type: 'record', ...decision }, options);
      return done.ok ? ok({ decision: decision.decision, sequence: done.value.sequence }) : err(done.error);
    },
    async retire(project, decision, command) {
      const options = command === undefined ? {} : { id: command };
      const done = await decisions.execute(project, { type: 'retire', ...decision }, options);
      return done.ok ? ok({ sequence: done.value.sequence }) : err(done.error);
    },
    binding: (project, who) => readable(bindingOn(decisions.state(project), who)),
    of: decisions.state,
    projects: decisions.ids,
    readable,
  };
}

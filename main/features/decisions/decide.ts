import { accept, type DecideContext, type Decision, refuse } from '#main/engine/area.ts';
import type { Binding } from '#protocol/model/conversation/negotiation-event.ts';
import type { DecidedHow, DecisionEvent } from '#protocol/model/decision/event.ts';
import type { Decisions } from '#protocol/model/decision/state.ts';
import { faultOf } from '#protocol/model/fault.ts';

/** Something that was decided, as it is recorded. */
export interface Recorded {
  readonly decision: string;
  readonly subject: string;
  readonly text: string;
  readonly how: DecidedHow;
  readonly by: readonly string[];
  readonly binds: Binding;
  readonly goal: string | null;
  readonly negotiation: string | null;
  readonly supersedes: string | null;
}

/** Everything that can be asked of a project's decisions. */
export type DecisionCommand =
  | ({ readonly type: 'record' } & Recorded)
  | { readonly type: 'retire'; readonly decision: string; readonly by: string };

const TEXT_LIMIT = 64 * 1024;

function standing(all: Decisions, id: string) {
  const decision = all.decisions[id];
  if (!decision)
    return faultOf(
      'no-such-decision',
      `There is no decision ${id}.`,
      'It belongs to another project, or was never made.',
      'List them first.',
    );
  if (decision.over)
    return faultOf(
      'decision-over',
      'This decision holds no more.',
      decision.over.successor === null ? 'It was retired.' : `${decision.over.successor} took its place.`,
      'List the decisions that hold.',
    );
  return null;
}

/** Decides a command on a project's decisions. Pure. */
export function decideDecisions(
  all: Decisions,
  command: DecisionCommand,
  context: DecideContext,
): Decision<DecisionEvent> {
  if (command.type === 'retire') {
    const fault = standing(all, command.decision);
    return fault ? refuse(fault) : accept({ type: 'decision.retired', decision: command.decision, by: command.by });
  }
  if (all.decisions[command.decision]) return accept();
  const { binds } = command;
  if (command.text.trim() === '' || command.subject.trim() === '' || command.text.length > TEXT_LIMIT)
    return refuse(
      faultOf('bad-decision', 'The decision is empty or too long.', 'It needs a subject and a text.', 'Write both.'),
    );
  if (binds.agents.length + binds.roles.length + binds.paths.length === 0)
    return refuse(
      faultOf('binds-nobody', 'The decision binds nobody.', 'It names no agent, role or path.', 'Say whom it binds.'),
    );
  const fault = command.supersedes === null ? null : standing(all, command.supersedes);
  if (fault) return refuse(fault);
  return accept({
    ...command,
    type: 'decision.recorded',
    by: [...command.by],
    subject: context.keep(command.subject.trim().slice(0, 200)),
    text: context.keep(command.text.trim()),
  });
}

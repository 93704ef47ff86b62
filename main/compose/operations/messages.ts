import { err, ok, type Result } from '#main/platform/result.ts';
import type { Operations } from '#main/server/operations.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Parts } from '../parts.ts';
import { textsOf } from '../texts.ts';
import { knownGoal } from './known-goal.ts';

const CEO = 'ceo';

/** Somebody the letter can still reach. */
function reaches(goal: Goal, to: readonly string[]): boolean {
  return to.some((id) => id === CEO || (goal.agents[id] !== undefined && !goal.dismissed.includes(id)));
}

const NOBODY_LEFT = faultOf(
  'nobody-left',
  'Nobody is left to get this message.',
  'Its recipients were dismissed, or the goal is over.',
  'Write to somebody else.',
);

/** The operations on negotiations, decisions and dead letters. */
export function messageOperations(parts: Parts): Operations['messages'] {
  const { messages, decisions, goals, engine } = parts;

  async function recorded(
    input: Parameters<Operations['messages']['recordDecision']>[0],
  ): Promise<Result<{ decision: string; sequence: number }, Fault>> {
    const { project, command, agents = [], roles = [], paths = [] } = input;
    if (!parts.projects.state(project))
      return err(
        faultOf(
          'no-such-project',
          `There is no project ${project}.`,
          'It was never opened here.',
          'List the projects.',
        ),
      );
    return decisions.record(
      project,
      {
        // Sent again, it is the same decision.
        decision: command === undefined ? parts.newId('dec') : `dec_${command}`,
        subject: input.subject,
        text: input.text,
        how: 'ceo',
        by: [CEO],
        binds: { agents, roles, paths },
        goal: input.goal ?? null,
        negotiation: null,
        supersedes: input.supersedes ?? null,
      },
      command,
    );
  }

  return {
    async negotiations(input) {
      const goal = knownGoal(parts, input.goal);
      if (!goal.ok) return goal;
      const found = messages.negotiations
        .all(input.goal)
        .filter((each) => input.open !== true || each.ended === null)
        .sort((one, other) => other.openedAt - one.openedAt);
      return ok(await Promise.all(found.map(async (each) => ({ ...each, texts: await textsOf(engine, each) }))));
    },
    async rule({ goal: id, negotiation, version, text = '', command }) {
      const goal = knownGoal(parts, id);
      if (!goal.ok) return goal;
      const message = `rule_${command ?? parts.newId('cmd')}`;
      const ruled = await messages.negotiations.respond(
        id,
        { type: 'rule', negotiation, from: CEO, version: version ?? null, text },
        message,
      );
      if (!ruled.ok) return ruled;
      const { ended } = ruled.value;
      return ok({ outcome: ended?.outcome ?? 'open', version: ended?.version ?? null });
    },
    async deadLetters(input) {
      const ids = input.goal === undefined ? goals.ids() : [input.goal];
      const dead = ids.flatMap((id) => messages.all(id).filter((message) => message.dead !== null));
      const sorted = dead.sort((one, other) => (other.dead?.at ?? 0) - (one.dead?.at ?? 0));
      return ok(await messages.readable(sorted));
    },
    async replay(input) {
      const goal = knownGoal(parts, input.goal);
      if (!goal.ok) return goal;
      const { status } = goal.value;
      const letter = messages.find(input.goal, input.message);
      const over = status === 'accepted' || status === 'stopped';
      if (letter && (over || !reaches(goal.value, letter.to))) return err(NOBODY_LEFT);
      const replayed = await messages.replay(input.goal, input.message, CEO);
      return replayed.ok ? ok({ message: input.message }) : replayed;
    },
    async decisions(input) {
      const projects = input.project === undefined ? decisions.projects() : [input.project];
      const found = await Promise.all(
        projects.map(async (project) => {
          const all = Object.values(decisions.of(project)?.decisions ?? {});
          const wanted = all.filter((each) => input.all === true || each.over === null);
          return (await decisions.readable(wanted)).map((each) => ({ ...each, project }));
        }),
      );
      return ok(found.flat().sort((one, other) => other.at - one.at));
    },
    recordDecision: recorded,
    retireDecision: ({ project, decision, command }) => decisions.retire(project, { decision, by: CEO }, command),
  };
}

import type { Engine } from '#main/engine/engine.ts';
import type { Performance, Report } from '#main/engine/performer.ts';
import { type Negotiation, waitKey } from '#protocol/model/conversation/negotiation.ts';
import type { EscalationCause } from '#protocol/model/conversation/negotiation-event.ts';
import type { ConversationCommand } from './command.ts';
import type { Court } from './court.ts';
import { CEO } from './negotiate.ts';

/** How long an arbiter has before the next one is called. */
const ARBITER_MS = 15 * 60_000;

const CAUSES: Readonly<Record<EscalationCause, string>> = {
  deadline: 'nobody answered in time',
  rounds: 'they went through too many proposals',
  rejected: 'a proposal was rejected without another',
  repeated: 'the same proposal came again',
  silent: 'whoever was asked ended its turn without an answer',
  absent: 'whoever was to rule has left',
};

/** What arbitration is made of. */
export interface ArbitrationParts {
  readonly engine: Engine;
  readonly court: Court;
  readonly now: () => number;
  /** The negotiation of a conversation as it is now. */
  readonly find: (conversation: string, negotiation: string) => Negotiation | undefined;
  readonly execute: (conversation: string, command: ConversationCommand, id: string) => Promise<unknown>;
  /** Lets go on whoever waits for this. */
  readonly answered: (goal: string, key: string) => Promise<void>;
}

/** Performs what negotiations order: deadlines, calling an arbiter, and what follows from an outcome. */
export function performArbitration(parts: ArbitrationParts): void {
  const { engine, court } = parts;

  async function textsOf(negotiation: Negotiation): Promise<(id: string) => string> {
    const ids = [negotiation.subject.id, ...negotiation.proposals.map((each) => each.text.id)];
    const texts = await engine.payloads([...ids, ...(negotiation.ended?.text ? [negotiation.ended.text.id] : [])]);
    return (id) => texts.get(id) ?? '(forgotten)';
  }

  /** The case as an arbiter reads it: every proposal that stands, word for word. */
  async function caseOf(negotiation: Negotiation): Promise<{ title: string; detail: string }> {
    const text = await textsOf(negotiation);
    const name = (id: string) => court.nameOf(negotiation.goal, id);
    const names = (ids: readonly string[]) => ids.map(name).join(', ');
    const proposals = negotiation.proposals.map(
      ({ version, by, accepted, rejected, text: words }) =>
        `v${version}, proposed by ${name(by)}, accepted by ${names(accepted)}${rejected.length > 0 ? `, rejected by ${names(rejected)}` : ''}:\n${text(words.id)}`,
    );
    const cause = negotiation.arbitration?.cause ?? 'deadline';
    return {
      title: `${text(negotiation.subject.id)}: ${names(negotiation.parties)} do not agree`,
      detail: `${CAUSES[cause]}.\n\n${proposals.join('\n\n')}`,
    };
  }

  async function call(performance: Performance): Promise<Report> {
    const { negotiation: id, stage, to } = performance.event.data as { negotiation: string; stage: number; to: string };
    const { stream, subject: conversation } = performance;
    const report = (command: ConversationCommand): Report => ({ stream, command });
    const negotiation = parts.find(conversation, id);
    if (!negotiation || negotiation.ended || negotiation.arbitration?.stage !== stage) return null;
    const standing = court.standing(negotiation.goal, to);
    if (standing === 'goal-over')
      return report({
        type: 'withdraw',
        negotiation: id,
        message: `end_${id}`,
        from: 'system',
        text: 'The goal is over.',
      });
    if (to !== CEO && standing === 'gone') return report({ type: 'absent', negotiation: id, stage });
    const about = await caseOf(negotiation);
    if (to === CEO) {
      await court.askCeo(negotiation.goal, id, about);
      return report({ type: 'called', negotiation: id, stage, until: null, message: null });
    }
    const message = `arb_${id}_${stage}`;
    const command: ConversationCommand = {
      type: 'send',
      message,
      goal: negotiation.goal,
      from: 'system',
      to: [to],
      kind: 'escalate',
      subject: about.title,
      body: `You are the arbiter: ${about.detail}`.slice(0, 20_000),
      replyTo: null,
      wantsAnswer: true,
      deadline: null,
      attachments: [],
      negotiation: id,
    };
    await parts.execute(conversation, command, `send:${message}`);
    return report({ type: 'called', negotiation: id, stage, until: parts.now() + ARBITER_MS, message });
  }

  async function settle(performance: Performance): Promise<Report> {
    const { negotiation: id } = performance.event.data as { negotiation: string };
    const negotiation = parts.find(performance.subject, id);
    if (!negotiation?.ended) return null;
    if (negotiation.ended.text) {
      const text = await textsOf(negotiation);
      await court.record(negotiation, {
        subject: text(negotiation.subject.id),
        text: text(negotiation.ended.text.id),
      });
    }
    await court.close(negotiation.goal, id);
    for (const party of negotiation.parties) await parts.answered(negotiation.goal, waitKey(id, party));
    return null;
  }

  engine.perform('negotiation.arbitrate', call);
  engine.perform('negotiation.settle', settle);
  engine.perform('negotiation.due', async (performance) => {
    const { negotiation, stage = 0 } = performance.event.data as { negotiation: string; stage?: number };
    return {
      stream: performance.stream,
      command: { type: 'overdue', negotiation, stage } satisfies ConversationCommand,
    };
  });
}

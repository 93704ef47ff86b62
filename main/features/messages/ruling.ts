import type { Engine } from '#main/engine/engine.ts';
import { CEO } from './negotiate.ts';
import type { NegotiationService, Response } from './negotiations.ts';

/** What the CEO said of a case: `v2` or `2` names a proposal, anything else is a text of the CEO's own. */
export function readRuling(negotiation: string, said: string, versions: number): Response {
  const named = /^v?(\d{1,3})$/.exec(said.trim());
  const version = named ? Number(named[1]) : 0;
  const chosen = version >= 1 && version <= versions;
  return { type: 'rule', negotiation, from: CEO, version: chosen ? version : null, text: chosen ? '' : said };
}

/** Performs the CEO's answers to arbitration items: the ruling is stored with the negotiation it ends. */
export function performRulings(engine: Engine, negotiations: NegotiationService): void {
  engine.perform('arbitration.ruled', async (performance) => {
    const { about, answer, text } = performance.event.data as {
      about: string;
      answer: string | null;
      text: { id: string } | null;
    };
    const goal = performance.subject;
    const negotiation = negotiations.find(goal, about);
    if (!negotiation || answer === null) return null;
    const said = text ? ((await engine.payloads([text.id])).get(text.id) ?? '') : '';
    const response: Response =
      answer === 'deny'
        ? { type: 'withdraw', negotiation: about, from: CEO, text: said }
        : readRuling(about, said, negotiation.proposals.length);
    await negotiations.respond(goal, response, `rule_${performance.id}`);
    return null;
  });
}

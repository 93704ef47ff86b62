import { z } from 'zod';
import type { Negotiation } from '../model/conversation/negotiation.ts';
import type { Message } from '../model/conversation/state.ts';
import type { Decision } from '../model/decision/state.ts';
import { base, commandId, done } from './base.ts';

const goal = z.string().min(1).max(100);
const id = z.string().min(1).max(300);
const name = z.string().trim().min(1).max(200);

/** A negotiation with its texts. */
export interface NegotiationView extends Negotiation {
  /** Texts it refers to, by payload id. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A message that was not delivered or not answered, with its texts and why. */
export interface DeadLetterView extends Message {
  readonly subjectText: string;
  readonly bodyText: string;
}

/** A shared decision with its texts. */
export interface DecisionView extends Decision {
  readonly project: string;
  readonly subjectText: string;
  readonly textText: string;
}

/** What agents agree on, what the CEO rules, and messages that reached nobody. */
export const messagesContract = {
  negotiations: base
    .route({ method: 'GET', path: '/negotiations' })
    .input(z.object({ goal, open: z.boolean().default(false) }))
    .output(z.array(z.custom<NegotiationView>())),
  /** Rules on a negotiation that has not ended, wherever it stands: a version that holds, or a text of the CEO's own. */
  rule: base
    .route({ method: 'POST', path: '/negotiations/rule' })
    .input(
      z.object({
        goal,
        negotiation: id,
        version: z.number().int().positive().optional(),
        text: z.string().max(20_000).default(''),
        command: commandId,
      }),
    )
    .output(z.object({ outcome: z.string(), version: z.number().nullable() })),
  /** Dead letters of a goal, or of all; the newest first. */
  deadLetters: base
    .route({ method: 'GET', path: '/messages/dead' })
    .input(z.object({ goal: goal.optional() }))
    .output(z.array(z.custom<DeadLetterView>())),
  /** Sends a dead letter again, to the same recipients. */
  replay: base
    .route({ method: 'POST', path: '/messages/replay' })
    .input(z.object({ goal, message: id }))
    .output(z.object({ message: z.string() })),
  /** Decisions of a project, those that hold no more included when asked for; the newest first. */
  decisions: base
    .route({ method: 'GET', path: '/decisions' })
    .input(z.object({ project: goal.optional(), all: z.boolean().default(false) }))
    .output(z.array(z.custom<DecisionView>())),
  /** Records what the CEO decided; with `supersedes` it takes the place of another. */
  recordDecision: base
    .route({ method: 'POST', path: '/decisions' })
    .input(
      z.object({
        project: goal,
        goal: goal.optional(),
        subject: name,
        text: z.string().trim().min(1).max(20_000),
        /** Agents' ids, roles (or `everyone`) and globs of files it binds. */
        agents: z.array(id).max(100).default([]),
        roles: z.array(name).max(100).default([]),
        paths: z.array(name).max(100).default([]),
        supersedes: id.optional(),
        command: commandId,
      }),
    )
    .output(z.object({ decision: z.string(), sequence: z.number() })),
  /** A decision holds no more, and nothing takes its place. */
  retireDecision: base
    .route({ method: 'POST', path: '/decisions/retire' })
    .input(z.object({ project: goal, decision: id, command: commandId }))
    .output(done),
};

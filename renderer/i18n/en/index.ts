import { compose } from './compose.ts';
import { fork } from './fork.ts';
import { frame } from './frame.ts';
import { graph } from './graph.ts';
import { inbox } from './inbox.ts';
import { cost, infra } from './infra.ts';
import { insight } from './insight.ts';
import { inspector } from './inspector.ts';
import { memory } from './memory.ts';
import { negotiation } from './negotiation.ts';
import { plan } from './plan.ts';
import { review } from './review.ts';
import { board, runs, timeline } from './runs.ts';
import { settings } from './settings.ts';
import { start } from './start.ts';

/** Every English sentence of the control center, one namespace a part of it. */
export const en = {
  frame,
  compose,
  graph,
  inbox,
  start,
  runs,
  board,
  timeline,
  settings,
  infra,
  cost,
  memory,
  insight,
  fork,
  inspector,
  negotiation,
  plan,
  review,
} as const;

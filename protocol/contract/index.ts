import { feedContract } from './feed.ts';
import { goalsContract } from './goals.ts';
import { messagesContract } from './messages.ts';
import { planContract } from './plan.ts';
import { projectsContract } from './projects.ts';
import { reviewContract, terminalContract } from './review.ts';
import { settingsContract, setupContract } from './settings.ts';
import { systemContract } from './system.ts';

/** The one contract between the orchestrator and every face of it: window, browser, command line, scripts. */
export const contract = {
  system: systemContract,
  projects: projectsContract,
  goals: goalsContract,
  plan: planContract,
  messages: messagesContract,
  review: reviewContract,
  terminal: terminalContract,
  settings: settingsContract,
  setup: setupContract,
  feed: feedContract,
};

/** See {@link contract}. */
export type Contract = typeof contract;

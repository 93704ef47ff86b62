import { feedContract } from './feed.ts';
import { goalsContract } from './goals.ts';
import { projectsContract } from './projects.ts';
import { systemContract } from './system.ts';

/** The one contract between the orchestrator and every face of it: window, browser, command line, scripts. */
export const contract = {
  system: systemContract,
  projects: projectsContract,
  goals: goalsContract,
  feed: feedContract,
};

/** See {@link contract}. */
export type Contract = typeof contract;

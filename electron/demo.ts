import { createDemoCrew } from '#main/cli/rehearse/demo.ts';
import type { DemoCrew } from '#main/index.ts';

/** The demo crew this installation ships. The shell is not Node, so checks of the sample app use the user's. */
export const demoCrew = (resources: string): DemoCrew => createDemoCrew(resources, 'node');

import type { Engine } from '#main/engine/engine.ts';
import { createAcceptEffect } from './accept-effect.ts';
import { createAttemptEffects, type MergeParts } from './attempt-effects.ts';
import { createGateEffect } from './gate-effect.ts';

export type { MergeParts } from './attempt-effects.ts';
export { goalRef, type Places, placesIn } from './places.ts';
export { syncWorkspace } from './sync.ts';
export { type CommandPlaces, type CommandRunner, check, createCommandRunner, type StartedCommand } from './verify.ts';

/** Binds everything that touches workspaces and branches to the engine. */
export function performMerges(engine: Engine, parts: MergeParts): void {
  for (const [kind, performer] of Object.entries(createAttemptEffects(parts))) engine.perform(kind, performer);
  engine.perform('goal.accept', createAcceptEffect(parts));
  engine.perform('gate.check', createGateEffect(parts));
}

import type { Goal } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';

/** Looks up a text by its reference. */
export type TextOf = (ref: PayloadRef) => string;

/** Ids of every text that the plan's file holds, to be fetched at once. */
export function textIdsOf(goal: Goal): string[] {
  return Object.values(goal.tasks).flatMap(({ title, brief, spec }) => {
    const gate = spec?.gate?.kind === 'check' ? [spec.gate.command] : [];
    const each = spec?.each === undefined ? [] : [spec.each.title, spec.each.brief];
    const done = spec?.done === undefined ? [] : [spec.done];
    const refs = [title, brief, ...done, ...(spec?.checks ?? []), ...(spec?.paths ?? []), ...gate, ...each];
    return refs.map(({ id }) => id);
  });
}

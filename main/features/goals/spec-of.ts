import type { Gate, TaskSpec } from '#protocol/model/goal/spec.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import { areasOf } from './areas.ts';
import type { ProposedGate, ProposedSpec } from './command.ts';

/** What a spec's texts and names are turned into. */
export interface SpecNames {
  readonly keep: (text: string) => PayloadRef;
  /** The id of a node named by key or id. */
  readonly idOf: (name: string) => string;
}

function gateOf(gate: ProposedGate, { keep }: SpecNames): Gate {
  return gate.kind === 'check' ? { kind: 'check', command: keep(gate.command) } : gate;
}

/** Leaves keys without a value out, so that what is stored says only what was said. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as T;
}

/** A proposed spec as events keep it: texts as payloads, nodes by id. Undefined when it says nothing. */
export function specOf(proposed: ProposedSpec | undefined, names: SpecNames): TaskSpec | undefined {
  if (proposed === undefined) return undefined;
  const { keep, idOf } = names;
  const { done, checks, paths, gate, each, parent, onlyIf, ...plain } = proposed;
  const spec: TaskSpec = present({
    ...plain,
    done: done === undefined || done.trim() === '' ? undefined : keep(done.trim()),
    checks: checks === undefined || checks.length === 0 ? undefined : checks.map((command) => keep(command.trim())),
    paths: paths === undefined || paths.length === 0 ? undefined : paths.map(keep),
    areas: paths === undefined || paths.length === 0 ? undefined : areasOf(paths),
    gate: gate === undefined ? undefined : gateOf(gate, names),
    parent: parent === undefined ? undefined : idOf(parent),
    onlyIf: onlyIf === undefined ? undefined : { task: idOf(onlyIf.task), is: onlyIf.is },
    each:
      each === undefined
        ? undefined
        : { from: idOf(each.from), title: keep(each.title), brief: keep(each.brief), role: each.role },
  });
  return Object.keys(spec).length === 0 ? undefined : spec;
}

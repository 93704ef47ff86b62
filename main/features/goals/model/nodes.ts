import type { ProposedGate, ProposedTask } from '../command.ts';
import { planned } from '../test-kit.ts';

/** Nodes of every kind, some of which do not fit together. */
export function nodes(a: number, b: number, on: string): readonly ProposedTask[] {
  const gate = (key: string, made: ProposedGate): ProposedTask => ({
    ...planned(key, b % 2 === 0 ? [on] : []),
    assignee: { kind: 'anyone' },
    kind: 'gate',
    spec: { gate: made, ...(b % 5 === 0 ? { deadlineMs: 90_000 } : {}) },
  });
  const sets: ReadonlyArray<readonly ProposedTask[]> = [
    [gate('g', { kind: 'approval' }), planned('h', ['g'])],
    [gate('g', { kind: 'timer', ms: 60_000 }), planned('h', ['g'])],
    [gate('g', { kind: 'event', name: 'ship' }), { ...planned('h'), spec: { onlyIf: { task: 'g', is: 'failed' } } }],
    [gate('g', { kind: 'check', command: 'true' }), { ...planned('h'), spec: { onlyIf: { task: 'g', is: 'passed' } } }],
    [
      { ...planned('p', b % 2 === 0 ? [on] : []), assignee: { kind: 'anyone' }, kind: 'group' },
      { ...planned('q'), spec: { parent: 'p' } },
      { ...planned('r', ['q']), spec: { parent: 'p' } },
      planned('s', ['p']),
    ],
    [{ ...planned('race'), spec: { race: 2, ...(b % 2 === 0 ? { keep: 'first' } : { review: { role: 'test' } }) } }],
    [{ ...planned('seen'), spec: { review: { role: b % 2 === 0 ? 'test' : 'work' } } }],
    [{ ...planned('late'), spec: { deadlineMs: 60_000, backoffMs: 30_000, escalate: 'test' } }],
    [
      planned('src'),
      {
        ...planned('fan'),
        assignee: { kind: 'anyone' },
        kind: 'group',
        spec: { each: { from: 'src', title: 't', brief: 'b', role: 'work' } },
      },
    ],
    [planned('one'), planned('two'), { ...planned('any', ['one', 'two']), spec: { need: 1 } }],
    [{ ...planned('then'), spec: { onlyIf: { task: on, is: b % 2 === 0 ? 'failed' : 'done' } } }],
  ];
  return sets[a % sets.length] ?? [];
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { ProposedTask } from '#main/features/goals/index.ts';
import { type Bench, bench, planned, stated } from '#main/features/goals/test-kit.ts';
import { differenceOf } from './difference.ts';
import { readPlan, writePlan } from './file.ts';
import { intentOf } from './intent.ts';
import { planNode, proposedOf } from './node.ts';
import { whoIsIn } from './who.ts';

const gate = (
  key: string,
  spec: NonNullable<ProposedTask['spec']>,
  dependsOn: readonly string[] = [],
): ProposedTask => ({
  ...planned(key, dependsOn),
  kind: 'gate',
  assignee: { kind: 'anyone' },
  spec,
});

function board(tasks: readonly ProposedTask[]): Bench {
  const on = bench();
  on.do(stated({ board: true }));
  expect(on.do({ type: 'add-tasks', tasks, by: 'ceo' }).kind).toBe('events');
  return on;
}

const fileOf = (on: Bench) =>
  writePlan(
    on.goal().id,
    intentOf(on.goal(), ({ id }) => on.texts.get(id) ?? ''),
  );

function differs(on: Bench, text: string) {
  const nodes = readPlan(text);
  if (!nodes.ok) return nodes;
  return differenceOf(
    on.goal(),
    intentOf(on.goal(), ({ id }) => on.texts.get(id) ?? ''),
    nodes.value,
    whoIsIn(on.goal()),
  );
}

/** Edits the file as data, applies it, and returns the lines that were announced. */
function edited(on: Bench, edit: (nodes: Array<Record<string, unknown>>) => void): readonly string[] {
  const data = parse(fileOf(on)) as { nodes: Array<Record<string, unknown>> };
  edit(data.nodes);
  const found = differs(on, stringify(data));
  if (!found.ok) throw new Error(found.error.why);
  expect(on.do({ type: 'apply-plan', ...found.value.change, by: 'ceo' }).kind).toBe('events');
  return found.value.lines;
}

const ALL: readonly ProposedTask[] = [
  planned('a'),
  {
    ...planned('b', ['a']),
    spec: { review: { role: 'test' }, checks: ['npm run lint'], done: 'It works.', deadlineMs: 90_000 },
  },
  gate('g', { gate: { kind: 'check', command: 'npm run e2e' } }, ['b']),
  gate('t', { gate: { kind: 'timer', ms: 30_000 } }),
  { ...planned('p'), kind: 'group', assignee: { kind: 'anyone' } },
  { ...planned('c'), spec: { parent: 'p', race: 2, keep: 'first' } },
  { ...planned('d'), spec: { onlyIf: { task: 'g', is: 'failed' }, attempts: 3, backoffMs: 2_000, escalate: 'test' } },
];

describe('the file of a plan', () => {
  it('says what the plan is meant to be, and reading it back changes nothing', () => {
    const on = board(ALL);
    expect(differs(on, fileOf(on))).toMatchObject({ ok: true, value: { lines: [] } });
    expect(parse(fileOf(on)).nodes[1]).toMatchObject({
      title: 'Title of b',
      role: 'work',
      reviewed_by: 'test',
      checks: ['npm run lint'],
      deadline_minutes: 1.5,
    });
  });

  it('is the same whatever became of the plan', () => {
    const on = board([planned('a'), planned('b', ['a'])]);
    const before = fileOf(on);
    const [attempt] = Object.keys(on.goal().attempts);
    on.do({ type: 'prepared', attempt: attempt ?? '', base: 'b', workspace: '/w' });
    expect(fileOf(on)).toBe(before);
  });

  it('edited from outside says what would change, and does it all at once', () => {
    const on = board(ALL);
    const lines = edited(on, (nodes) => {
      const [a, b, , t] = nodes;
      if (!a || !b || !t) throw new Error('the file is short');
      b['title'] = 'A better title';
      delete b['reviewed_by'];
      nodes.splice(nodes.indexOf(t), 1);
      nodes.push({ key: 'new', title: 'New one', role: 'test', depends_on: [a['key']] });
      b['depends_on'] = [a['key'], 'new'];
    });
    expect(lines).toEqual([
      '+ New one',
      '- Title of t',
      '~ Title of b: reviewed_by: "test" -> nothing',
      '~ Title of b: title: "Title of b" -> "A better title"',
      expect.stringContaining('~ Title of b: depends_on'),
    ]);
    const changed = intentOf(on.goal(), ({ id }) => on.texts.get(id) ?? '');
    expect(changed.map(({ title }) => title)).toContain('New one');
    expect(changed.map(({ title }) => title)).not.toContain('Title of t');
    const better = changed.find(({ title }) => title === 'A better title');
    expect(better).toMatchObject({ checks: ['npm run lint'] });
    expect(better?.reviewed_by).toBeUndefined();
    expect(better?.depends_on).toHaveLength(2);
  });

  it('that is bad is refused with its line and the reason', () => {
    const why = (text: string) => {
      const read = readPlan(text);
      return read.ok ? 'read' : read.error.why;
    };
    expect(why('nodes:\n  - key: a\n    title: A\n    race: 9\n')).toMatch(/^Line 4: nodes\.0\.race/);
    expect(why('nodes:\n  - key: a\n   title: A\n')).toMatch(/^Line \d/);
    expect(why('nodes:\n  - { key: a, title: A, evil: 1 }\n')).toMatch(/evil/);
    expect(
      why(
        'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nnodes: [*c,*c,*c,*c,*c,*c,*c,*c]\n',
      ),
    ).toMatch(/expands|nodes/);
    expect(why(`nodes:\n${'  - { key: a, title: A }\n'.repeat(10_001)}`)).toMatch(/10000|Too big/);
    expect(why('nodes: !!js/function "x"\n')).toMatch(/Line 1|nodes/);
    const on = board([planned('a')]);
    expect(differs(on, 'nodes:\n  - { key: K, title: A, role: work }\n  - { key: k, title: B, role: work }\n').ok).toBe(
      false,
    );
  });

  it('spreads a list into a sub-plan with one task an item', () => {
    const node = planNode.parse({
      key: 'port',
      title: 'Port {{item}}',
      role: 'work',
      for_each: ['x', 'y'],
      depends_on: ['a'],
    });
    const [group, one, two] = proposedOf([node], () => ({ kind: 'role', role: 'work' }));
    expect(group).toMatchObject({ key: 'port', kind: 'group', dependsOn: ['a'] });
    expect([one, two]).toMatchObject([
      { key: 'port-1', title: 'Port x', spec: { parent: 'port' }, dependsOn: [] },
      { key: 'port-2', title: 'Port y' },
    ]);
  });

  it('keeps any text as it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60 }), fc.string({ maxLength: 200 }), (title, brief) => {
        if (title.trim() === '') return;
        const on = board([{ ...planned('a'), title, brief }]);
        expect(differs(on, fileOf(on))).toMatchObject({ ok: true, value: { lines: [] } });
      }),
      { numRuns: 200 },
    );
  });
});

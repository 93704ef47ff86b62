import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bench, stated } from '#main/features/goals/test-kit.ts';
import { proposedOf } from './node.ts';
import { findTemplate, listTemplates, nodesFor } from './template.ts';

const FOLDER = fileURLToPath(new URL('../../../resources/plans', import.meta.url));
const agent = (id: string, lead = false) => ({ id, name: id, role: id, driver: 'scripted', model: 'm', lead });
const AGENTS = [agent('lead', true), ...['backend', 'frontend', 'qa', 'devops'].map((role) => agent(role))];

describe('plan templates', () => {
  it('are six, and each is a plan that the engine takes for the shipped roles', async () => {
    const templates = await listTemplates(FOLDER);
    expect(templates.map(({ name }) => name)).toEqual([
      'bug-fix',
      'feature',
      'refactor',
      'release',
      'research',
      'review',
    ]);
    for (const template of templates) {
      const whoIs = (role: string) =>
        role === 'anyone' ? ({ kind: 'anyone' } as const) : ({ kind: 'role', role } as const);
      const plan = proposedOf(nodesFor(template, 'Mend the fence\nBefore winter.'), whoIs);
      const on = bench();
      const decision = on.do(stated({ agents: AGENTS, plan, mode: 'ask', limits: { ...LIMITED } }));
      expect(decision.kind === 'refused' ? decision.fault.why : 'taken', template.name).toBe('taken');
      expect(on.goal().status).toBe('awaiting-approval');
      const titles = Object.values(on.goal().tasks).map((task) => on.texts.get(task.title.id));
      expect(titles.every((title) => title?.includes('Mend the fence') && !title.includes('winter'))).toBe(true);
    }
  });

  it('that is turned down is planned by the Lead, with the words of the CEO', async () => {
    const template = await findTemplate(FOLDER, 'review');
    if (!template.ok) throw new Error(template.error.what);
    const plan = proposedOf(nodesFor(template.value, 'Look'), (role) => ({ kind: 'role', role }));
    const on = bench();
    on.do(stated({ agents: AGENTS, plan, mode: 'ask' }));
    const [item] = Object.keys(on.goal().items);
    on.do({ type: 'answer', item: item ?? '', answer: 'deny', text: 'Only the server.', by: 'ceo' });
    const planning = Object.values(on.goal().tasks).find((task) => task.kind === 'plan');
    expect(on.texts.get(planning?.brief.id ?? '')).toBe('Only the server.');
    expect(planning?.status).toBe('active');
  });

  it('nobody knows are refused with those there are', async () => {
    const found = await findTemplate(FOLDER, 'magic');
    expect(found.ok ? '' : found.error.why).toContain('bug-fix, feature');
  });
});

const LIMITED = {
  attempts: 2,
  fixes: 1,
  nudges: 1,
  recoveries: 1,
  turns: 10,
  minutes: 10,
  goalNanos: 1,
  runNanos: 1,
  tasks: 20,
};

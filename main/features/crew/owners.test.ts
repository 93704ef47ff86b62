import { describe, expect, it } from 'vitest';
import { emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import { arbitersFor } from './owners.ts';
import { crewFile } from './schema.ts';

const role = (title: string, owns: string[] = [], lead = false) => ({
  title,
  prompt: 'p',
  driver: 'scripted',
  model: 'm',
  tools: ['read'],
  aiosTools: [],
  owns,
  lead,
});

const crew = crewFile.parse({
  name: 'crew',
  title: 'Crew',
  roles: {
    lead: role('Lead', [], true),
    backend: role('Backend', ['api', 'due dates', 'src/api/**']),
    frontend: role('Frontend', ['form']),
    qa: role('QA', ['API']),
  },
});

const goal: Goal = {
  ...emptyGoal('g'),
  agents: Object.fromEntries(
    ['lead', 'backend', 'frontend', 'qa'].map((id) => [
      id,
      { id, name: id, role: id, driver: 'd', model: 'm', lead: id === 'lead' },
    ]),
  ),
};

const rulers = (subject: string, parties: string[], paths: string[] = [], on = goal) =>
  arbitersFor(on, crew, { subject, paths, parties });

describe('who rules', () => {
  it('is whoever owns the subject, in the order of the crew, then the Lead', () => {
    expect(rulers('The API of todos', ['frontend', 'x'])).toEqual(['backend', 'qa', 'lead']);
    expect(rulers('DUE-DATES: a format', ['x'])).toEqual(['backend', 'lead']);
    expect(rulers('Colours', ['x'], ['src/api/todos.ts'])).toEqual(['backend', 'lead']);
    expect(rulers('Colours', ['x'])).toEqual(['lead']);
  });

  it('takes words as words', () => {
    expect(rulers('A capitalised format', ['x'])).toEqual(['lead']);
    expect(rulers('due and other dates', ['x'])).toEqual(['lead']);
  });

  it('is never a party, nor whoever has left', () => {
    expect(rulers('The API', ['backend', 'lead'])).toEqual(['qa']);
    expect(rulers('The API', ['x'], [], { ...goal, dismissed: ['backend'] })).toEqual(['qa', 'lead']);
  });
});

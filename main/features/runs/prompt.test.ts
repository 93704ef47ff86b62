import { describe, expect, it } from 'vitest';
import { composePrompt, type PromptParts } from './prompt.ts';

const parts = (over: Partial<PromptParts>): PromptParts => ({
  reason: 'first',
  resume: false,
  kind: 'work',
  consults: false,
  title: 'Add due dates',
  brief: 'Each todo may have one.',
  goal: 'A todo app',
  done: '',
  checks: [],
  about: [],
  replays: false,
  unread: 0,
  decisions: [],
  ...over,
});

describe('the prompt of a run', () => {
  it('asks the Lead for a plan of the goal', () => {
    const said = composePrompt(parts({ kind: 'plan', brief: 'A todo app' }));
    expect(said).toMatch(/^Goal: A todo app\n\nPlan it/);
    expect(said).not.toContain('The CEO says');
  });

  it('tells the Lead what the CEO said of its plan, beside the goal and what it had proposed', () => {
    const said = composePrompt(parts({ kind: 'plan', brief: 'Smaller tasks.', about: ['Build all', 'Test all'] }));
    expect(said).toMatch(/^Goal: A todo app\n/);
    expect(said).toContain('The CEO says of the plan you made: Smaller tasks.');
    expect(said).toContain('turned it down. Its tasks were:\nBuild all\nTest all');
  });

  it('does not repeat a title that says it all', () => {
    expect(composePrompt(parts({ brief: '' }))).toMatch(/^Your task: Add due dates\n\nIt is part of this goal/);
  });

  it('says nothing where a replayed call says it all', () => {
    expect(composePrompt(parts({ replays: true }))).toBeUndefined();
  });
});

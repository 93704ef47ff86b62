import { describe, expect, it } from 'vitest';
import type { AgentRecord } from '#protocol/model/goal/parts.ts';
import { type Attempt, emptyGoal, type Goal } from '#protocol/model/goal/state.ts';
import { resolveAddress, resolveBinding } from './addresses.ts';
import { TOOLS } from './index.ts';

const agent = (id: string, name: string, role: string): AgentRecord => ({
  id,
  name,
  role,
  driver: 'scripted',
  model: 'm',
  lead: role === 'lead',
});

const open = (id: string, of: string) => ({ id, agent: of, status: 'running' }) as Attempt;

const goal: Goal = {
  ...emptyGoal('g'),
  agents: Object.fromEntries(
    [
      agent('a1', 'Lead', 'lead'),
      agent('a2', 'QA 1', 'qa'),
      agent('a3', 'QA 2', 'qa'),
      agent('a4', 'Ärztin', 'backend'),
      agent('a5', 'Gone', 'devops'),
    ].map((each) => [each.id, each]),
  ),
  dismissed: ['a5'],
  attempts: { t1: open('t1', 'a2') },
};

const to = (address: string, wants?: 'one' | 'all') => {
  const found = resolveAddress(goal, address, 'a1', wants);
  return found.ok ? found.value : found.error.tag;
};

describe('an address', () => {
  it('is an agent, a role with or without its word, everyone but the sender, or the CEO', () => {
    expect(to('a4')).toEqual(['a4']);
    expect(to(' ÄRZTIN ')).toEqual(['a4']);
    expect(to('qa')).toEqual(['a2', 'a3']);
    expect(to('role:qa')).toEqual(['a2', 'a3']);
    expect(to('everyone')).toEqual(['a2', 'a3', 'a4']);
    expect(to('ceo')).toEqual(['ceo']);
  });

  it('of a role means whoever has the least to do where one answer is wanted', () => {
    expect(to('qa', 'one')).toEqual(['a3']);
    expect(to('QA 1', 'one')).toEqual(['a2']);
    expect(to('everyone', 'one')).toHaveLength(3);
  });

  it('is refused when nobody here has it: unknown, dismissed, oneself', () => {
    for (const address of ['wizard', 'role:wizard', 'devops', 'a5', 'a1', 'lead', '', '__proto__'])
      expect(to(address)).toBe('no-such-recipient');
  });

  it('binds roles as roles, so that who is hired later is bound too', () => {
    expect(resolveBinding(goal, ['everyone', 'role:qa', 'QA 1', 'a4'])).toEqual({
      ok: true,
      value: { agents: ['a2', 'a4'], roles: ['everyone', 'qa'] },
    });
    expect(resolveBinding(goal, ['wizard'])).toMatchObject({ ok: false, error: { tag: 'no-such-recipient' } });
  });
});

describe('inputs', () => {
  const accepts = (name: string, input: unknown) =>
    TOOLS.find((each) => each.name === name)?.input.safeParse(input).success;
  const message = { to: 'qa', subject: 's', body: 'b' };

  it('name no sender: who speaks is known by its token', () => {
    expect(accepts('send_message', message)).toBe(true);
    for (const forged of [{ from: 'ceo' }, { sender: 'a2' }, { id: 'm1' }, { goal: 'other' }])
      expect(accepts('send_message', { ...message, ...forged })).toBe(false);
    expect(accepts('ask', { ...message, from: 'ceo' })).toBe(false);
    expect(accepts('respond', { negotiation: 'n', verdict: 'accept', version: 1, from: 'ceo' })).toBe(false);
  });

  it('of a proposal are bounded', () => {
    const proposal = { to: ['qa', 'backend'], subject: 's', proposal: 'p', paths: ['src/api/**', 'Über mich.md'] };
    expect(accepts('propose', proposal)).toBe(true);
    expect(accepts('propose', { ...proposal, to: [] })).toBe(false);
    expect(accepts('propose', { ...proposal, paths: ['a\nb'] })).toBe(false);
    expect(accepts('propose', { ...proposal, deadline_minutes: 0 })).toBe(false);
    expect(accepts('respond', { negotiation: 'n', verdict: 'perhaps', version: 1 })).toBe(false);
    expect(accepts('respond', { negotiation: 'n', verdict: 'accept', version: 1.5 })).toBe(false);
  });
});

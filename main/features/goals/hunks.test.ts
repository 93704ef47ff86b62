import { describe, expect, it } from 'vitest';
import { AGENTS, type Bench, bench, LIMITS, planned } from './test-kit.ts';

const stateCommand = {
  type: 'state',
  project: 'p',
  text: 'goal',
  mode: 'go',
  upstream: 'default',
  ledger: 'rehearsal',
  branch: 'aios/x',
  base: 'c0',
  target: 'main',
  crew: '{}',
  agents: AGENTS,
  limits: LIMITS,
  solo: null,
  board: true,
} as const;

/** A goal whose one attempt waits for the CEO to look at its diff. */
function unverified(): { on: Bench; attempt: string } {
  const on = bench();
  on.do(stateCommand);
  on.do({ type: 'add-tasks', tasks: [planned('a')], by: 'ceo' });
  const attempt = Object.keys(on.goal().attempts)[0] ?? '';
  on.do({ type: 'prepared', attempt, base: 'c0', workspace: '/w' });
  const run = Object.keys(on.goal().runs)[0] ?? '';
  on.do({ type: 'run-started', run });
  on.do({ type: 'claim', run, claim: 'done', summary: 's' });
  on.do({ type: 'run-ended', run, outcome: 'completed', detail: '', usage: null });
  checked(on, attempt);
  return { on, attempt };
}

function checked(on: Bench, attempt: string): void {
  on.do({ type: 'checked', attempt, result: 'none', commit: 'c1', exitCode: null, output: 'diff', files: 1 });
}

function accepted(on: Bench, attempt: string): void {
  const item = Object.values(on.goal().items).find((each) => !each.closed);
  on.do({ type: 'answer', item: item?.id ?? '', answer: 'accept', text: '', by: 'ceo' });
  on.do({ type: 'merged', attempt, result: 'merged', commit: 'm1', output: '' });
}

const openItems = (on: Bench) => Object.values(on.goal().items).filter((item) => !item.closed).length;
const tag = (decision: ReturnType<Bench['do']>) => (decision.kind === 'refused' ? decision.fault.tag : 'accepted');

describe('a hunk that the CEO rejects', () => {
  it.each(['rejected', 'refused'] as const)('in work that waits: it is checked again and asked anew (%s)', (result) => {
    const { on, attempt } = unverified();
    on.do({ type: 'reject-hunk', attempt, patch: '@@', by: 'ceo' });
    expect([on.goal().attempts[attempt]?.status, openItems(on)]).toEqual(['verifying', 0]);
    expect(tag(on.do({ type: 'reject-hunk', attempt, patch: '@@', by: 'ceo' }))).toBe('rejecting');
    const reject = on.goal().rejecting?.id ?? '';
    on.do({ type: 'hunk-rejected', reject, result, commit: 'c2', detail: '' });
    expect(on.events.at(-1)?.event.type).toBe('check.ordered');
    on.do({ type: 'hunk-rejected', reject, result, commit: 'c2', detail: '' });
    checked(on, attempt);
    expect([on.goal().attempts[attempt]?.status, openItems(on), on.goal().rejecting]).toEqual(['waiting', 1, null]);
  });

  it('in what is merged: the whole is checked again, and nothing is accepted meanwhile', () => {
    const { on, attempt } = unverified();
    accepted(on, attempt);
    expect(tag(on.do({ type: 'reject-hunk', attempt: null, patch: '@@', by: 'ceo' }))).toBe('being-checked');
    on.do({ type: 'goal-checked', result: 'passed', commit: 'm1', exitCode: 0, output: '' });
    on.do({ type: 'reject-hunk', attempt: null, patch: '@@', by: 'ceo' });
    expect(on.goal().status).toBe('running');
    expect(tag(on.do({ type: 'accept', target: 'main', by: 'ceo' }))).toBe('not-ready');
    on.do({
      type: 'hunk-rejected',
      reject: on.goal().rejecting?.id ?? '',
      result: 'rejected',
      commit: 'm2',
      detail: '',
    });
    expect(on.goal().status).toBe('verifying');
    on.do({ type: 'goal-checked', result: 'passed', commit: 'm2', exitCode: 0, output: '' });
    expect(on.goal()).toMatchObject({ status: 'ready', tip: 'm2' });
  });

  it('is refused while an agent works, and survives a stop', () => {
    const { on, attempt } = unverified();
    on.do({ type: 'reject-hunk', attempt, patch: '@@', by: 'ceo' });
    on.do({ type: 'stop', by: 'ceo' });
    expect(tag(on.do({ type: 'reject-hunk', attempt, patch: '@@', by: 'ceo' }))).toBe('rejecting');
    on.do({
      type: 'hunk-rejected',
      reject: on.goal().rejecting?.id ?? '',
      result: 'refused',
      commit: null,
      detail: 'x',
    });
    expect(on.goal().rejecting).toBeNull();
    on.do({ type: 'continue', by: 'ceo' });
    expect(tag(on.do({ type: 'reject-hunk', attempt, patch: '@@', by: 'ceo' }))).toBe('still-at-work');
  });
});

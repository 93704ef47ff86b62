import { describe, expect, it } from 'vitest';
import { specChange } from '#protocol/contract/node.ts';
import type { Task } from '#protocol/model/goal/state.ts';
import { changeOf, formOf, gateFrom, isProblem } from './form.ts';

const ref = (id: string) => ({ id, hash: 'h' });
const texts: Readonly<Record<string, string>> = { done: 'It works.', check: 'npm test' };
const textOf = (of: { readonly id: string } | null) => texts[of?.id ?? ''] ?? '';

const node = (spec: Task['spec']): Task => ({
  id: 'a',
  kind: 'work',
  title: ref('t'),
  brief: ref('t'),
  assignee: { kind: 'anyone' },
  dependsOn: [],
  status: 'open',
  by: 'ceo',
  about: null,
  attempts: [],
  addedAt: 0,
  endedAt: null,
  spec,
});

const FULL = node({
  done: ref('done'),
  checks: [ref('check')],
  review: { role: 'qa' },
  deadlineMs: 90_000,
  backoffMs: 5_000,
  race: 2,
});

describe('how a node is run, as a form', () => {
  it('shows what is asked in units people type', () => {
    expect(formOf(FULL, textOf)).toMatchObject({
      done: 'It works.',
      checks: 'npm test',
      review: 'qa',
      deadline: '1.5',
      attempts: '',
      backoff: '5',
      race: '2',
      keep: 'best',
    });
  });

  it('sends only what was changed, takes rules back with null, and knows the way back', () => {
    const was = formOf(FULL, textOf);
    const change = changeOf(
      was,
      { ...was, review: '', attempts: '3', checks: 'npm test\n\n npm run lint ' },
      undefined,
    );
    expect(change).toEqual({
      spec: { review: null, attempts: 3, checks: ['npm test', 'npm run lint'] },
      back: { review: { role: 'qa' }, attempts: null, checks: ['npm test'] },
    });
    if (!isProblem(change)) expect(specChange.parse(change.spec)).toEqual(change.spec);
    expect(changeOf(was, was, undefined)).toEqual({ spec: {}, back: {} });
  });

  it('names what is no number within its bounds', () => {
    const was = formOf(node(undefined), textOf);
    expect(changeOf(was, { ...was, race: '9' }, undefined)).toEqual({ kind: 'number', text: '9', least: 2, most: 5 });
    expect(isProblem(changeOf(was, { ...was, deadline: 'soon' }, undefined))).toBe(true);
    expect(isProblem(changeOf(was, { ...was, attempts: '1.5' }, undefined))).toBe(true);
  });

  it('reads gates of every kind, and says what a gate lacks', () => {
    expect(gateFrom('approval', '')).toEqual({ kind: 'approval' });
    expect(gateFrom('check', ' npm test ')).toEqual({ kind: 'check', command: 'npm test' });
    expect(gateFrom('timer', '1.5')).toEqual({ kind: 'timer', ms: 90_000 });
    expect(gateFrom('event', 'deployed')).toEqual({ kind: 'event', name: 'deployed' });
    for (const [kind, text] of [
      ['check', ' '],
      ['timer', ''],
      ['timer', 'soon'],
      ['event', 'Not a word'],
    ] as const)
      expect(isProblem(gateFrom(kind, text)), `${kind} ${text}`).toBe(true);
    expect(isProblem(gateFrom('check', 'npm test'))).toBe(false);
  });
});

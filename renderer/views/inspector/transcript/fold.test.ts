import { describe, expect, it } from 'vitest';
import type { AgentEvent } from '#protocol/agent/event.ts';
import type { TranscriptView } from '#protocol/contract/feed.ts';
import { editedFile, fold, found, UNFOLDED } from './fold.ts';

const call = (toolUseId: string, input = '{}', kind: 'edit' | 'shell' = 'shell') =>
  ({ type: 'tool-call', toolUseId, kind, tool: 'Bash', title: `run ${toolUseId}`, input }) as const;
const result = (toolUseId: string, output: string) => ({ type: 'tool-result', toolUseId, ok: true, output }) as const;
const usage: AgentEvent = { type: 'usage', usage: { input: 1, output: 1, cacheWrite: 0, cacheRead: 0 } };

function lines(...events: AgentEvent[]): TranscriptView[] {
  return events.map((event, index) => ({ run: 'run', sequence: index + 1, at: index, event }));
}

describe('a folded transcript', () => {
  const all = lines({ type: 'text', text: 'Hello' }, call('a'), usage, call('b'), result('b', 'B'), result('a', 'A'));

  it('puts each result to its call, also out of order', () => {
    const { rows } = fold(UNFOLDED, all);
    expect(rows.map((row) => (row.row === 'call' ? row.result?.output : row.event.type))).toEqual(['text', 'A', 'B']);
  });

  it('is the same however the lines arrive', () => {
    const atOnce = fold(UNFOLDED, all);
    let folded = UNFOLDED;
    for (let count = 1; count <= all.length; count += 1) folded = fold(folded, all.slice(0, count));
    expect(folded.rows).toEqual(atOnce.rows);
    expect(fold(folded, all)).toBe(folded);
  });

  it('starts anew for another run', () => {
    expect(fold(fold(UNFOLDED, all), all.slice(0, 1)).rows).toHaveLength(1);
  });

  it('finds text in what was called and what came of it', () => {
    const { rows } = fold(UNFOLDED, all);
    expect(found(rows, 'RUN B')).toEqual([2]);
    expect(found(rows, 'hello')).toEqual([0]);
    expect(found(rows, ' ')).toEqual([]);
  });

  it('searches ten megabytes of one line without reading all of it', () => {
    const { rows } = fold(UNFOLDED, lines(call('a'), result('a', `${'x'.repeat(10_000_000)}needle`)));
    const started = performance.now();
    expect(found(rows, 'needle')).toEqual([]);
    expect(performance.now() - started).toBeLessThan(50);
  });

  it('knows the file of an edit, and only inside its workspace', () => {
    expect(editedFile(call('a', '{"file_path":"/w/s/a \\"b\\".js","old":"x"}', 'edit'), '/w/s')).toBe('a "b".js');
    expect(editedFile(call('a', '{"path":"./a.js"}', 'edit'), '/w')).toBe('a.js');
    expect(editedFile(call('a', '{"file_path":"/etc/passwd"}', 'edit'), '/w')).toBeNull();
    expect(editedFile(call('a', '{"path":"a.js"}', 'shell'), '/w')).toBeNull();
    expect(editedFile(call('a', 'no json', 'edit'), '/w')).toBeNull();
  });
});

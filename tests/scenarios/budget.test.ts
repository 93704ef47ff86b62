import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ModelReply, ModelRequest } from '../doubles/model-server.ts';
import {
  goalOf,
  OPERATOR_KEY,
  openItem,
  openWorld,
  present,
  ready,
  snapshotOf,
  state,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { call, claimed, done, lastOf, say, turnsOf, workspaceOf, write } from './model.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const NANOS = 1e9;
/** What the price book says for the crew's model: dollars for a million tokens. */
const PRICE = { input: 2, output: 10 };

/** The upstream's own meter: what it would put on the bill. */
interface Bill {
  nanos: number;
  calls: number;
}

const inputOf = (request: ModelRequest) => Math.ceil(JSON.stringify(request).length / 4);

/** Wants to spend about five dollars: reads without end, and uses all the output tokens it is granted. */
function greedy(bill: Bill, content: () => boolean): (request: ModelRequest) => ModelReply {
  return (request) => {
    if (!request.tools?.length || claimed(request))
      return { blocks: [say('That was all.')], usage: { input: 1, output: 1 } };
    const output = Math.min(request.max_tokens, 6_000);
    const input = Math.min(inputOf(request), 20_000);
    bill.nanos += (input * PRICE.input + output * PRICE.output) * 1_000;
    bill.calls += 1;
    const usage = { input, output };
    // Never the same call: one that repeats itself would be stopped for that before its money is.
    const read = { file_path: `${workspaceOf(request)}/README.md`, limit: 100 + bill.calls };
    if (!content()) return { blocks: [call('Read', read)], usage };
    if (lastOf(request).includes('tool_use_error') || !lastOf(request).includes('work.md')) {
      return { blocks: [write(request, 'work.md', 'done\n')], usage: { input, output: 50 } };
    }
    return { blocks: [done()], usage: { input, output: 50 } };
  };
}

test('a run capped at $0.50 that wants $5: no call leaves uncovered, it waits for the CEO, and the same session goes on when the cap is raised', async () => {
  const bill: Bill = { nanos: 0, calls: 0 };
  let enough = false;
  world = await openWorld('budget', { model: greedy(bill, () => enough) });
  const goal = await state(world, { runCapUsd: 0.5 });
  const item = await waitFor(world.operations, goal, (each) => openItem(each, 'budget'), 120_000);
  const before = await goalOf(world.operations, goal);
  const attempt = present(Object.values(before.attempts)[0]);
  expect(attempt).toMatchObject({ status: 'waiting', wait: { cause: 'budget', owner: 'ceo', on: item.id } });
  expect(Object.values(before.runs).at(-1)?.outcome).toBe('budget');
  expect(bill.calls).toBeGreaterThan(3);
  expect(bill.nanos).toBeLessThanOrEqual(0.5 * NANOS);

  const { budgets } = await snapshotOf(world.operations);
  const node = present(
    budgets.nodes[`run/${attempt.id}`],
    `budget of the run among ${Object.keys(budgets.nodes).join(', ')}`,
  );
  expect(node.spent + node.reserved).toBeLessThanOrEqual(0.5 * NANOS);
  expect(node.cap).toBe(0.5 * NANOS);
  expect(bill.nanos).toBeLessThanOrEqual(node.spent);
  // Every call that left was reserved before.
  expect(node.calls).toBeGreaterThanOrEqual(bill.calls);

  const calls = world.model.requests.length;
  await world.restart();
  const after = await goalOf(world.operations, goal);
  expect(openItem(after, 'budget')?.id).toBe(item.id);
  expect((await snapshotOf(world.operations)).budgets.nodes[`run/${attempt.id}`]).toMatchObject({
    spent: node.spent,
    cap: node.cap,
  });
  expect(world.model.requests).toHaveLength(calls);

  enough = true;
  value(await world.operations.goals.setCap({ goal, attempt: attempt.id, usd: 5 }, undefined));
  const ended = await ready(world.operations, goal);
  expect(Object.keys(ended.attempts)).toEqual([attempt.id]);
  expect(ended.attempts[attempt.id]?.session).toBe(attempt.session);
  expect(Object.values(ended.runs).at(-1)).toMatchObject({ resume: true });
  expect(present(Object.values(ended.items)[0]).closed?.by).toBe('ceo');
}, 180_000);

/** Environment and command line of every process below a data folder's agents. */
function processes(home: string): Array<{ pid: number; text: string }> {
  const found: Array<{ pid: number; text: string }> = [];
  for (const pid of readdirSync('/proc')
    .map(Number)
    .filter((each) => each > 0 && each !== process.pid)) {
    try {
      const text = `${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0${readFileSync(`/proc/${pid}/cmdline`, 'latin1')}`;
      if (text.includes(home)) found.push({ pid, text });
    } catch {
      // It has ended, or is not ours.
    }
  }
  return found;
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return filesBelow(path);
    return stats?.isFile() ? [path] : [];
  });
}

test.runIf(process.platform === 'linux')(
  "an agent's environment, arguments and transcripts hold neither the key nor another run's token",
  async () => {
    const seen = new Map<string, string>();
    const tokens = new Map<string, Set<string>>();
    const { promise: both, resolve: bothUp } = Promise.withResolvers<void>();
    const waiting = new Set<string>();
    world = await openWorld('secrets', {
      model: async (request) => {
        if (!request.tools?.length || claimed(request)) return { blocks: [say('That was all.')] };
        if (turnsOf(request) === 0) {
          waiting.add(workspaceOf(request));
          if (waiting.size === 2) {
            for (const { pid, text } of processes(present(world).home)) seen.set(String(pid), text);
            bothUp();
          }
          await both;
          return { blocks: [write(request, `${turnsOf(request)}-${waiting.size}.md`, 'x\n')] };
        }
        return { blocks: [done()] };
      },
    });
    const goals = [await state(world), await state(world)];
    for (const goal of goals) await ready(world.operations, goal);
    expect(seen.size).toBeGreaterThan(1);
    for (const [pid, text] of seen) {
      expect(text, `process ${pid}`).not.toContain(OPERATOR_KEY);
      for (const [, token] of text.matchAll(/\/run\/([A-Za-z0-9_-]{16,})/g)) {
        const of = /AIOS_RUN=([a-z0-9_]+)/.exec(text)?.[1] ?? pid;
        tokens.set(of, (tokens.get(of) ?? new Set()).add(token ?? ''));
      }
    }
    // Each run has one token, its own.
    expect(tokens.size).toBe(2);
    const all = [...tokens.values()].map((set) => [...set]);
    expect(all.map((each) => each.length)).toEqual([1, 1]);
    expect(all[0]?.[0]).not.toBe(all[1]?.[0]);
    const kept = filesBelow(world.home).filter((path) => !path.includes('/hubs/'));
    expect(kept.some((path) => path.includes('/claude/projects/'))).toBe(true);
    for (const path of kept) {
      const text = readFileSync(path, 'latin1');
      expect(text.includes(OPERATOR_KEY), path).toBe(false);
      for (const token of all.flat()) expect(text.includes(token), `a token in ${path}`).toBe(false);
    }
    expect(new Set(world.model.keys)).toEqual(new Set([OPERATOR_KEY]));
  },
);

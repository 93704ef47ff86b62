import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TranscriptView } from '#protocol/contract/feed.ts';
import type { RunningApp, TerminalOutput } from '#protocol/contract/review.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import {
  goalOf,
  openItem,
  openWorld,
  present,
  ready,
  snapshotOf,
  state,
  tagOf,
  value,
  type World,
  waitFor,
} from './kit.ts';
import { aios, claimed, done, lastOf, say, turnsOf, write } from './model.ts';

const lines = (change: (line: number) => string) =>
  Array.from({ length: 40 }, (_, at) => `${change(at + 1)}\n`).join('');
const OLD = lines((line) => `line ${line}`);
const NEW = lines((line) => (line === 4 ? 'FOUR' : line === 36 ? 'THIRTY-SIX' : `line ${line}`));
const SERVER = `require('node:http').createServer((_, r) => r.end('hello')).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listens'))`;
const FILES = {
  'README.md': '# Sample\n',
  'a.txt': OLD,
  'server.cjs': `${SERVER}\n`,
  'package.json': JSON.stringify({ name: 'sample', scripts: { dev: 'node server.cjs' } }),
};

/** Writes, claims; woken by a message it reads and answers it. */
function agent(request: Parameters<typeof lastOf>[0]) {
  if (!request.tools?.length) return { blocks: [say('A title')] };
  const last = lastOf(request);
  const asked = /aios-message:(\w+)\]/.exec(last)?.[1];
  if (!asked && (last.includes('You have messages') || last.includes('unread messages')))
    return { blocks: [aios('read_messages')] };
  if (asked && last.includes('Comment on'))
    return {
      blocks: [aios('send_message', { to: 'ceo', subject: 'Re', body: 'Because of four.', reply_to: asked })],
    };
  if (turnsOf(request) === 0) return { blocks: [write(request, 'a.txt', NEW)] };
  return {
    blocks: [
      claimed(request) || !JSON.stringify(request.messages).includes('Your task:') ? say('That was all.') : done(),
    ],
  };
}

let world: World;
beforeAll(async () => {
  world = await openWorld('review', { model: agent, files: FILES, verify: null });
});
afterAll(() => world.close());

const review = () => world.operations.review;
const unverified = (goal: Goal) =>
  openItem(goal, 'unverified') &&
  Object.values(goal.attempts).find((each) => each.status === 'waiting' && each.wait?.cause === 'unverified');

async function changesOf(goal: string, attempt: string | null = null) {
  return value(await review().changes({ goal, attempt }, undefined));
}

async function headers(goal: string, attempt: string | null = null): Promise<string[]> {
  const { diff } = value(await review().fileDiff({ goal, attempt, path: 'a.txt' }, undefined));
  return diff.split('\n').filter((line) => line.startsWith('@@'));
}

async function collected<T>(stream: unknown, enough: (all: T[]) => boolean): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream as AsyncIterable<T>) {
    all.push(each);
    if (enough(all)) break;
  }
  return all;
}

describe('review', () => {
  it('takes hunks out before and after the merge, hears comments, and shows what was', {
    timeout: 170_000,
  }, async () => {
    const goal = await state(world);
    const attempt = present(await waitFor(world.operations, goal, unverified));
    const shown = await changesOf(goal, attempt.id);
    expect(shown.files).toEqual([{ path: 'a.txt', from: null, status: 'modified', additions: 2, deletions: 2 }]);
    expect([shown.uncommitted, shown.commits.length, shown.workspace]).toEqual([false, 1, attempt.workspace]);
    const [first = '', second = ''] = await headers(goal, attempt.id);
    const reject = {
      goal,
      attempt: attempt.id,
      path: 'a.txt',
      header: first,
      head: shown.head,
      command: 'cmd_reject_1',
    };
    expect(tagOf(await review().rejectHunk({ ...reject, head: shown.base, command: 'cmd_stale_1' }, undefined))).toBe(
      'stale',
    );
    expect(tagOf(await review().rejectHunk({ ...reject, header: '@@ -9 +9 @@', command: 'cmd_no_1' }, undefined))).toBe(
      'no-such-hunk',
    );
    value(await review().rejectHunk(reject, undefined));
    // The same command again is the same rejection.
    value(await review().rejectHunk(reject, undefined));
    await waitFor(
      world.operations,
      goal,
      (now) => unverified(now) && now.attempts[attempt.id]?.check?.result === 'none',
    );
    expect(await headers(goal, attempt.id)).toEqual([second]);

    const terminal = value(
      await world.operations.terminal.open({ goal, attempt: attempt.id, columns: 80, rows: 24 }, undefined),
    ).terminal;
    value(await world.operations.terminal.input({ terminal, data: 'git log -1 --format=%s; exit 3\r' }, undefined));
    const output = await collected<TerminalOutput>(
      value(await world.operations.terminal.output({ terminal }, undefined)),
      (all) => all.at(-1)?.kind === 'ended',
    );
    expect(output.at(-1)).toEqual({ kind: 'ended', exitCode: 3 });
    expect(output.map((each) => (each.kind === 'data' ? each.data : '')).join('')).toContain(
      'Take out a hunk of a.txt',
    );

    const app: RunningApp = value(await review().runApp({ goal, attempt: attempt.id }, undefined));
    const appNow = async () =>
      value(await review().apps(undefined as never, undefined)).find((each) => each.id === app.id);
    await expect.poll(async () => (await appNow())?.state, { timeout: 30_000 }).toBe('up');
    expect(await (await fetch(app.url)).text()).toBe('hello');
    expect(value(await review().stopApp({ app: app.id }, undefined)).stopped).toBe(true);
    expect((await appNow())?.state).toBe('ended');
    await expect(fetch(app.url)).rejects.toThrow();

    const item = present(openItem(await goalOf(world.operations, goal), 'unverified'));
    value(await world.operations.goals.answer({ goal, item: item.id, answer: 'accept', text: '' }, undefined));
    await ready(world.operations, goal);
    const merged = await changesOf(goal);
    expect(merged.files).toMatchObject([{ path: 'a.txt', additions: 1, deletions: 1 }]);

    const said = value(
      await review().comment({ goal, path: 'a.txt', line: 36, side: 'new', text: 'Why so loud?' }, undefined),
    );
    const answered = async () => {
      const { conversations: all } = await snapshotOf(world.operations);
      return all.flatMap((each) => Object.values(each.messages)).find((each) => each.replyTo === said.message);
    };
    await expect.poll(answered, { timeout: 60_000, interval: 100 }).toBeDefined();
    const { conversations, texts } = await snapshotOf(world.operations);
    const asked = present(conversations.map((each) => each.messages[said.message]).find((each) => each));
    expect(texts[asked.subject.id]).toBe('Comment on a.txt:36');
    expect(texts[asked.body.id]).toContain('>+THIRTY-SIX');
    const settled = await ready(world.operations, goal);

    const [left = ''] = await headers(goal);
    value(
      await review().rejectHunk({ goal, path: 'a.txt', header: left, head: (await changesOf(goal)).head }, undefined),
    );
    const again = await ready(world.operations, goal);
    expect(again.tip).not.toBe(settled.tip);
    expect((await changesOf(goal)).files).toEqual([]);

    const run = present(Object.values(again.runs)[0]).id;
    const transcript = await collected<TranscriptView[]>(
      value(await world.operations.feed.followTranscript({ run, after: 2 }, undefined)),
      () => false,
    );
    expect(
      transcript
        .flat()
        .map((line) => line.sequence)
        .at(0),
    ).toBe(3);
    expect(transcript.flat().at(-1)?.event.type).toBe('finished');

    const history = value(await world.operations.feed.history({ goal }, undefined));
    const types = new Set(history.events.map((event) => event.type));
    for (const type of ['goal.stated', 'message.sent', 'call.reserved', 'call.settled', 'hunk.reject-ended'])
      expect(types).toContain(type);
    const firstPage = value(await world.operations.feed.history({ goal, limit: 5 }, undefined));
    const rest = value(
      await world.operations.feed.history(
        { goal, after: firstPage.events.at(-1)?.sequence ?? 0, limit: 2_000 },
        undefined,
      ),
    );
    expect(firstPage.more).toBe(true);
    expect([...firstPage.events, ...rest.events].map((event) => event.sequence)).toEqual(
      history.events.map((event) => event.sequence),
    );
    const whole = value(await world.operations.feed.text({ id: asked.body.id }, undefined));
    expect(whole.text).toBe(texts[asked.body.id]);
    expect(tagOf(await review().pullRequest({ goal }, undefined))).toBe('no-remote');
  });
});

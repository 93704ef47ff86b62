import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gitText, writeBranchFile } from '#main/features/workspaces/index.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import type { Step } from '../../agent-host/drivers/scripted/steps.ts';
import { goalOf, openItem, openWorld, present, ready, state, tagOf, value, type World, waitFor } from './kit.ts';
import { say } from './model.ts';

const CREW = `
name: hands
title: Hands
limits: { usd: 5 }
roles:
  worker: { title: Worker, prompt: Work., driver: scripted, model: claude-sonnet-5-5, tools: [read, edit, shell], writable: ["**"], aiosTools: [report_progress, complete_task], caps: { usd: 2 } }
`;
const done: Step = { mcp: { tool: 'complete_task', input: { status: 'done', summary: 'Done.' } } };
const writes = (path: string): string => JSON.stringify([{ edit: { path, content: 'x\n' } }, done] satisfies Step[]);

let world: World;
let crew: string;
beforeAll(async () => {
  world = await openWorld('plan-file', { model: () => ({ blocks: [say('Hello.')] }), agentCap: 2 });
  crew = join(world.folder, 'hands.yaml');
  await writeFile(crew, CREW);
});
afterAll(() => world.close());

const plan = () => world.operations.plan;
const hubOf = (goal: Goal) => join(world.home, 'hubs', `${goal.project}.git`);
const refOf = (goal: Goal) => `refs/heads/${goal.branch}`;
const fileIn = async (goal: Goal) =>
  value(await gitText(['show', `${refOf(goal)}:.aios/plans/${goal.id}.yaml`], { gitDir: hubOf(goal) }));

/** A board on which one task is done, so that its branch holds the plan, and another waits. */
async function begun(): Promise<Goal> {
  const id = await state(world, { text: 'Errands', crew, board: true, agent: undefined });
  const tasks = [
    { key: 'a', title: 'First', brief: writes(`${id}.txt`), assignee: { kind: 'anyone' as const } },
    {
      key: 'g',
      title: 'Go on?',
      assignee: { kind: 'anyone' as const },
      kind: 'gate' as const,
      spec: { gate: { kind: 'approval' as const } },
    },
    {
      key: 'b',
      title: 'Second',
      brief: writes(`${id}-b.txt`),
      assignee: { kind: 'anyone' as const },
      dependsOn: ['a', 'g'],
    },
  ];
  value(await plan().addTasks({ goal: id, tasks }, undefined));
  await waitFor(
    world.operations,
    id,
    (goal) => goal.planFile?.blob != null && Object.values(goal.tasks).some((task) => task.status === 'done'),
  );
  return goalOf(world.operations, id);
}

/** Writes the plan's file as somebody else would, and lets AIOS notice at the next change of the plan. */
async function edit(goal: Goal, change: (text: string) => string): Promise<void> {
  const text = change(await fileIn(goal));
  const path = `.aios/plans/${goal.id}.yaml`;
  const author = { name: 'Somebody', email: 'else@example.org' };
  value(await writeBranchFile(hubOf(goal), refOf(goal), { path, text: `${text}\n`, message: 'Edit', author }));
  const [task] = Object.values(goal.tasks).filter((each) => each.status === 'open' && each.kind === 'work');
  value(await plan().respec({ goal: goal.id, task: present(task).id, spec: { effort: 'small' } }, undefined));
}

describe("the plan's file on the goal's branch", () => {
  it('holds what is meant, and an edit of it becomes a proposal that holds once it is accepted', async () => {
    const goal = await begun();
    expect(await fileIn(goal)).toContain('title: Go on?');
    await edit(goal, (text) => text.replace('title: Second', 'title: Second, but better'));
    const item = await waitFor(world.operations, goal.id, (now) => openItem(now, 'plan-edit'));
    const before = await goalOf(world.operations, goal.id);
    expect(before.planFile?.edit?.item).toBe(item.id);
    value(await world.operations.goals.answer({ goal: goal.id, item: item.id, answer: 'allow', text: '' }, undefined));
    await waitFor(world.operations, goal.id, (now) => now.planFile?.edit === null);
    const { text } = value(await plan().file({ goal: goal.id }, undefined));
    expect(text).toContain('Second, but better');
    const gate = present(openItem(await goalOf(world.operations, goal.id), 'gate'));
    value(await world.operations.goals.answer({ goal: goal.id, item: gate.id, answer: 'allow', text: '' }, undefined));
    const ended = await ready(world.operations, goal.id);
    expect(Object.values(ended.tasks).map((task) => task.status)).toEqual(['done', 'done', 'done']);
  });

  it('that became bad is refused with its line, and the running plan goes on and writes its own again', async () => {
    const goal = await begun();
    await edit(goal, (text) => text.replace('title: Second', 'race: many\n    title: Second'));
    const seen = await waitFor(world.operations, goal.id, (now) => now.planFile?.refused);
    const { texts } = value(await world.operations.feed.snapshot(undefined as never, undefined));
    expect(texts[seen.id]).toMatch(/Line \d+: nodes\.\d\.race/);
    expect(openItem(await goalOf(world.operations, goal.id), 'plan-edit')).toBeUndefined();
    await waitFor(
      world.operations,
      goal.id,
      (now) => now.planFile?.refused === null || now.planFile?.blob !== goal.planFile?.blob,
    );
  });

  it('is compared and applied by hand too, all or nothing', async () => {
    const goal = await begun();
    const { text } = value(await plan().file({ goal: goal.id }, undefined));
    const better = text.replace('title: Second', 'title: Third');
    expect(value(await plan().compareFile({ goal: goal.id, text: better }, undefined)).lines).toEqual([
      '~ Second: title: "Second" -> "Third"',
    ]);
    expect(tagOf(await plan().applyFile({ goal: goal.id, text: 'nodes: [{ key: a }]' }, undefined))).toBe(
      'bad-plan-file',
    );
    value(await plan().applyFile({ goal: goal.id, text: better }, undefined));
    expect(value(await plan().file({ goal: goal.id }, undefined)).text).toContain('title: Third');
  });
});

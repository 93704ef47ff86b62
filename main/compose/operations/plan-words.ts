import type { Engine } from '#main/engine/engine.ts';
import type { Fault } from '#protocol/model/fault.ts';
import type { Goal } from '#protocol/model/goal/state.ts';

/** An id, with the quotes it may stand in. */
const TASK_ID = /"?\b(task_[a-z0-9]+)\b"?/g;
const LONGEST_TITLE = 80;

/** Titles of a goal's tasks by id, cut to a readable length. */
export async function titlesOf(
  engine: Engine,
  goal: Goal,
  tasks: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = await engine.payloads(tasks.flatMap((id) => goal.tasks[id]?.title.id ?? []));
  const titled = tasks.map((id): [string, string] => {
    const title = texts.get(goal.tasks[id]?.title.id ?? '') ?? id;
    return [id, title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE)}…` : title];
  });
  return new Map(titled);
}

/** A fault with titles where the rules, which see no texts, name tasks by id. */
export async function inWords(engine: Engine, goal: Goal | undefined, fault: Fault): Promise<Fault> {
  const named = new Set([...`${fault.what} ${fault.why}`.matchAll(TASK_ID)].map(([, id = '']) => id));
  const tasks = goal ? [...named].filter((id) => goal.tasks[id]) : [];
  if (!goal || tasks.length === 0) return fault;
  const titles = await titlesOf(engine, goal, tasks);
  const worded = (text: string) =>
    text.replace(TASK_ID, (said, id: string) => (titles.has(id) ? `"${titles.get(id) ?? id}"` : said));
  return { ...fault, what: worded(fault.what), why: worded(fault.why) };
}

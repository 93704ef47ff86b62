/** Longest title a task has, characters; the rest of a line goes into the brief. */
const LONGEST_TITLE = 200;

/** A task as text gives it. */
export interface PastedTask {
  readonly title: string;
  readonly brief: string;
}

const BULLET = /^\s*(?:[-*•]|\d+[.)]|\[[ xX]?\])\s+/;

/**
 * Tasks from text: one a line, with bullets, numbers and check boxes taken off; lines indented below one are its brief.
 * What {@link tasksAsText} wrote comes back as it was.
 */
export function tasksFromText(text: string): PastedTask[] {
  const tasks: { title: string; brief: string[] }[] = [];
  for (const line of text.replace(/\r\n?/g, '\n').split('\n')) {
    if (line.trim() === '') continue;
    const last = tasks.at(-1);
    const isBrief = /^(?:\t| {2,})/.test(line) && !BULLET.test(line) && last !== undefined;
    if (isBrief) {
      last.brief.push(line.trim());
      continue;
    }
    const title = line.replace(BULLET, '').replace(BULLET, '').trim();
    if (title === '') continue;
    const long = title.length > LONGEST_TITLE;
    tasks.push({ title: long ? `${title.slice(0, LONGEST_TITLE - 1)}…` : title, brief: long ? [title] : [] });
  }
  return tasks.map(({ title, brief }) => ({ title, brief: brief.join('\n') }));
}

/** Tasks as text that people and {@link tasksFromText} read. */
export function tasksAsText(tasks: readonly PastedTask[]): string {
  return tasks
    .map(({ title, brief }) => {
      const lines = brief.trim() === '' || brief === title ? [] : brief.trim().split('\n');
      return [`- ${title}`, ...lines.map((line) => `  ${line}`)].join('\n');
    })
    .join('\n');
}

const ID = '[A-Za-z0-9_-]{1,100}';
const LINK = new RegExp(`^aios://goal/(${ID})(?:/task/(${ID}))?/?$`);

/** The scheme that other programs open AIOS with. */
export const LINK_SCHEME = 'aios';

/** `aios://goal/ID[/task/ID]` as the page's address of that place; null when it is anything else. */
export function hashOfLink(link: string): string | null {
  const found = LINK.exec(link);
  if (!found) return null;
  const [, goal = '', task] = found;
  return task === undefined ? goalHash(goal) : `${goalHash(goal)}/${encodeURIComponent(`task:${task}`)}`;
}

/** The page's address of a goal. */
export const goalHash = (goal: string): string => `#/graph/${encodeURIComponent(goal)}`;

/** The page's address of what needs the CEO. */
export const INBOX_HASH = '#/inbox';

/** The place that a command line asks for: the last link in it. */
export function hashOfArguments(args: readonly string[]): string | null {
  return args.reduce<string | null>((found, each) => hashOfLink(each) ?? found, null);
}

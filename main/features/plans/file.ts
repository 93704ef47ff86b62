import { LineCounter, parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';
import type { WrittenNode } from './intent.ts';
import { type PlanNode, planNode } from './node.ts';

/** Largest plan file, bytes. */
export const PLAN_FILE_LIMIT = 4 * 1024 * 1024;
/** Most nodes of a plan file. */
const MOST_NODES = 10_000;

const planFile = z.strictObject({ goal: z.string().max(100).optional(), nodes: z.array(planNode).max(MOST_NODES) });

const HEAD = `The plan of a goal: what is meant, not how far it is. AIOS writes this file. An edit of it becomes a proposal,
with what would change, and holds once it is accepted. Nodes that are new have a key of their own choice.`;

/** Where the plan of a goal lies in its repository. */
export function planPath(goal: string): string {
  return `.aios/plans/${goal}.yaml`;
}

/** The plan as a file. The same plan gives the same bytes. */
export function writePlan(goal: string, nodes: readonly WrittenNode[]): string {
  const head = HEAD.split('\n').map((line) => `# ${line}`);
  return `${head.join('\n')}\n${stringify({ goal, nodes }, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}

function bad(why: string): Fault {
  return faultOf('bad-plan-file', 'The plan file cannot be used.', why, 'Correct it; the plan goes on as it was.');
}

/** Reads a plan file. What is wrong is named with its line; nothing of a bad file is used. */
export function readPlan(text: string): Result<PlanNode[], Fault> {
  if (Buffer.byteLength(text) > PLAN_FILE_LIMIT) return err(bad('It is larger than 4 MiB.'));
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: false, schema: 'core', uniqueKeys: true });
  const broken = document.errors[0];
  if (broken) return err(bad(`Line ${lines.linePos(broken.pos[0]).line}: ${broken.message.split('\n')[0]}`));
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    return err(bad('It expands to too much.'));
  }
  const parsed = planFile.safeParse(raw);
  if (parsed.success) return ok(parsed.data.nodes);
  const why = parsed.error.issues.slice(0, 10).map((issue) => {
    const at = lineOf(document, issue.path as (string | number)[], lines);
    return `${at === null ? '' : `Line ${at}: `}${issue.path.join('.') || 'file'}: ${issue.message}`;
  });
  return err(bad(`${why.join('; ')}.`));
}

/** The line of the value at a path, or of the nearest thing around it. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  path: (string | number)[],
  lines: LineCounter,
): number | null {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

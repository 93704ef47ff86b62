import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';

/** One step of a script. Several name things that only a fault test wants: crash, hang, flood. */
export const step = z.union([
  z.strictObject({ say: z.string() }),
  z.strictObject({ edit: z.strictObject({ path: z.string(), content: z.string() }) }),
  z.strictObject({ shell: z.array(z.string()).min(1) }),
  z.strictObject({ mcp: z.strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()) }) }),
  /** Reads its messages and answers every one that wants it: agrees to what is proposed, says yes to what is asked. */
  z.strictObject({ answer: z.literal(true) }),
  /** Appends a line to a file outside the product and syncs it: the witness that counts effects. `{run}` is the run's id. */
  z.strictObject({ ledger: z.strictObject({ path: z.string(), line: z.string() }) }),
  /** One call to the gateway. */
  z.strictObject({ model: z.string() }),
  z.strictObject({ pause: z.number().int().nonnegative() }),
  z.strictObject({ flood: z.number().int().positive() }),
  /** Ends the turn; what comes after is done when the session is resumed, for a fix or a conflict. */
  z.strictObject({ rest: z.literal(true) }),
  /** One call to the gateway that names itself, so that the endpoint may say the context is full. */
  z.strictObject({ fill: z.literal(true) }),
  z.strictObject({ crash: z.literal(true) }),
  z.strictObject({ hang: z.literal(true) }),
  z.strictObject({ exitSilently: z.literal(true) }),
]);

/** See {@link step}. */
export type Step = z.infer<typeof step>;

const script = z.array(step);

/** What begins the line of a brief that goes before what a role says of itself. */
export const THIS_ONE = 'This one: ';

/** Whether a prompt holds a script for whatever role it is given to. */
export function asksForThis(prompt: string): boolean {
  return prompt.split('\n').some((each) => each.startsWith(THIS_ONE));
}

/** The steps of a prompt: JSON itself, a line of JSON among its words (a task's brief), or a JSON file's path. */
export function readScript(prompt: string, workspace: string): Step[] {
  const lines = prompt.split('\n').map((each) => (each.startsWith(THIS_ONE) ? each.slice(THIS_ONE.length) : each));
  const line = lines.find((each) => each.startsWith('[{'));
  const whole = prompt.trimStart().startsWith('[') ? prompt : line;
  const text = whole ?? readFileSync(resolve(workspace, prompt.trim()), 'utf8');
  const steps = script.parse(JSON.parse(text));
  // What killed or filled the predecessor does neither to who takes over.
  return prompt.includes('<packet>') ? steps.filter((each) => !('crash' in each || 'fill' in each)) : steps;
}

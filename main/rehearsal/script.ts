import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { z } from 'zod';
import { err, ok, type Result } from '#main/platform/result.ts';
import { type Fault, faultOf } from '#protocol/model/fault.ts';

const name = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'lower-case words joined by hyphens');
const pattern = z.string().refine(isPattern, 'not a regular expression');
const text = z.string();
const times = z.number().int().positive().default(1);

function isPattern(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

const misbehaviour = z.discriminatedUnion('kind', [
  /** The head and some chunks, then silence. */
  z.strictObject({ kind: z.literal('stall'), afterChunks: z.number().int().nonnegative().default(1), times }),
  /** Some chunks, then the connection is cut. */
  z.strictObject({ kind: z.literal('cut'), afterChunks: z.number().int().nonnegative().default(3), times }),
  /** An HTTP error instead of an answer. */
  z.strictObject({
    kind: z.literal('error'),
    status: z.number().int().min(400).max(599),
    retryAfter: z.string().optional(),
    times,
  }),
  /** Two hundred, but a web page. */
  z.strictObject({ kind: z.literal('html'), times }),
  z.strictObject({ kind: z.literal('slow'), msPerChunk: z.number().int().positive(), times }),
  /** The same text over and over until the tokens asked for are used up. */
  z.strictObject({ kind: z.literal('loop'), text: z.string().min(1), times }),
  /** Tool input that is no JSON. */
  z.strictObject({ kind: z.literal('garbage-tool-input'), times }),
  /** Claims usage nobody asked for. */
  z.strictObject({ kind: z.literal('overspend'), outputTokens: z.number().int().positive(), times }),
  /** The agent's process dies before there is an answer; where nobody can end it, the connection is cut instead. */
  z.strictObject({ kind: z.literal('kill'), times }),
  /** Says something secret at the end. */
  z.strictObject({ kind: z.literal('leak'), text: z.string().min(1), times }),
]);

const tool = z.strictObject({ name: z.string().min(1), input: z.record(z.string(), z.json()).default({}) });

const rule = z.strictObject({
  name,
  when: z
    .strictObject({
      /** On the text of the first user message. */
      task: pattern.optional(),
      /** On everything said to the model since its last answer: tool results and text. */
      last: pattern.optional(),
      /** Each anywhere in the conversation. */
      seen: z.array(pattern).default([]),
      /** None anywhere in the conversation. */
      unseen: z.array(pattern).default([]),
      /** Rules of this role that must have been played in this conversation. */
      after: z.array(name).default([]),
    })
    .prefault({}),
  say: text.default(''),
  tools: z.array(tool).max(32).default([]),
  repeat: z.boolean().default(false),
  misbehave: misbehaviour.optional(),
});

const role = z.strictObject({ match: pattern, rules: z.array(rule).min(1) }).superRefine(({ rules }, context) => {
  const names = new Set<string>();
  const texts = new Set<string>();
  for (const [index, { name: own, say, tools, when }] of rules.entries()) {
    const complain = (message: string) => context.addIssue({ code: 'custom', message, path: ['rules', index] });
    if (names.has(own)) complain(`the rule name "${own}" is used twice`);
    if (say === '' && tools.length === 0) complain(`the rule "${own}" neither says nor does anything`);
    // What a rule without tools said is the only trace that it was played.
    if (tools.length === 0 && texts.has(say)) complain(`the rule "${own}" says what another rule says`);
    for (const before of when.after) {
      if (!rules.some((other) => other.name === before)) complain(`there is no rule "${before}" to come after`);
    }
    names.add(own);
    if (tools.length === 0) texts.add(say);
  }
});

const script = z.strictObject({
  name,
  title: z.string().min(1),
  /** The sentence that starts the rehearsal. */
  goal: z.string().min(1),
  /** The sample app it is played on. */
  app: name.default('todo'),
  /** The one role that works alone; absent for a crew. */
  agent: name.optional(),
  models: z.array(z.string().min(1)).default(['claude-sonnet-5-5']),
  roles: z.record(name, role),
});

/** A rehearsal script: for each role, what the model says and does when, tried in order. */
export type Script = z.infer<typeof script>;
/** One thing a role may say and do. */
export type Rule = z.infer<typeof rule>;
/** How a rule misbehaves on order. */
export type Misbehaviour = z.infer<typeof misbehaviour>;

/** Where in the text the value at a path begins, as far down the path as there is something. */
function lineOf(root: Node | null, lines: LineCounter, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    let next: unknown;
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
      if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
    } else if (isSeq(node) && typeof key === 'number') {
      next = node.items[key];
    }
    if (next === undefined || next === null) break;
    node = next;
    if (!isScalar(next) && isMap(node)) offset = node.range?.[0] ?? offset;
  }
  return lines.linePos(offset).line;
}

function invalid(why: string): { readonly ok: false; readonly error: Fault } {
  return err(faultOf('rehearsal-script', 'The rehearsal script cannot be played.', why, 'Correct the script.'));
}

/** Reads a script from YAML; a fault names line and place of each mistake. */
export function readScript(source: string): Result<Script, Fault> {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken) return invalid(broken.message);
  const parsed = script.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (parsed.success) return ok(parsed.data);
  const issues = parsed.error.issues.map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    const line = lineOf(document.contents, lines, path);
    return `line ${line}, ${path.map(String).join('.') || 'script'}: ${issue.message}`;
  });
  return invalid(issues.join('\n'));
}

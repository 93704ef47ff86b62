import { createHash } from 'node:crypto';
import type { Conversation, PastCall } from './conversation.ts';
import type { Rule, Script } from './script.ts';

/** A tool call to make, ready to be sent. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model does next; `rule` is null for a reply no rule asked for. */
export interface Play {
  readonly role: string | null;
  readonly rule: Rule | null;
  readonly text: string;
  readonly tools: readonly ToolCall[];
  /** Stands for this place of this conversation: equal requests have equal keys. */
  readonly key: string;
}

/** Said when no rule fits: the turn ends. */
export const NOTHING_TO_DO = 'I have nothing further to do.';
/** Said to requests without tools, such as an agent asking for a title. */
export const HARMLESS = 'Rehearsal';

type Captures = Readonly<Record<string, string>>;
const TEMPLATE = /\{\{\s*([a-z0-9.]+)\s*\}\}/g;

function sha(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether a text could have come from a template. */
function cameFrom(template: string, text: string): boolean {
  const source = template
    .trim()
    .split(/\{\{[^}]*\}\}/)
    .map(escaped)
    .join('[\\s\\S]*');
  return new RegExp(`^${source}$`).test(text.trim());
}

function callCameFrom(rule: Rule, role: string, call: PastCall): boolean {
  if (call.id.startsWith('toolu_')) return call.id.startsWith(`toolu_${role}_${rule.name}_`);
  return rule.tools.some(
    ({ name, input }) => name === call.name && cameFrom(JSON.stringify(input), JSON.stringify(call.input)),
  );
}

/** How often a rule was played, by the traces it left: ids of its first tool call, else its words. */
function timesPlayed(rule: Rule, role: string, said: Conversation): number {
  if (rule.tools.length === 0) return said.answers.filter((answer) => cameFrom(rule.say, answer)).length;
  const made = said.calls.filter((call) => callCameFrom(rule, role, call)).length;
  return Math.ceil(made / rule.tools.length);
}

function captured(prefix: string, match: RegExpExecArray): Array<[string, string]> {
  return match.map((value, index) => [`${prefix}.${index}`, value ?? '']);
}

/** What the conditions of a rule capture, or null when one does not hold. */
function capturesOf(rule: Rule, role: string, said: Conversation, rules: readonly Rule[]): Captures | null {
  const { task, last, seen, unseen, after } = rule.when;
  const sources: Array<[string, string | undefined, string]> = [
    ['task', task, said.task],
    ['last', last, said.last],
    ...seen.map((source, index): [string, string, string] => [`seen.${index}`, source, said.all]),
  ];
  const captures: Array<[string, string]> = [];
  for (const [prefix, source, text] of sources) {
    if (source === undefined) continue;
    const match = new RegExp(source).exec(text);
    if (!match) return null;
    captures.push(...captured(prefix, match));
  }
  if (unseen.some((source) => new RegExp(source).test(said.all))) return null;
  const played = (name: string) => rules.some((other) => other.name === name && timesPlayed(other, role, said) > 0);
  return after.every(played) ? Object.fromEntries(captures) : null;
}

function filled(value: unknown, captures: Captures): unknown {
  if (typeof value === 'string') return value.replace(TEMPLATE, (_, name: string) => captures[name] ?? '');
  if (Array.isArray(value)) return value.map((item) => filled(item, captures));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, captures)]));
}

function played(rule: Rule, role: string, said: Conversation, captures: Captures): Play {
  const count = timesPlayed(rule, role, said);
  const key = sha(JSON.stringify([role, rule.name, said.task, count])).slice(0, 10);
  const tools = rule.tools.map(({ name, input }, index) => ({
    id: `toolu_${role}_${rule.name}_${index}_${key}`,
    name,
    input: filled(input, captures) as Record<string, unknown>,
  }));
  return { role, rule, text: String(filled(rule.say, captures)), tools, key };
}

function plain(role: string | null, text: string, said: Conversation): Play {
  return {
    role,
    rule: null,
    text,
    tools: [],
    key: sha(JSON.stringify([role, said.task, said.answers.length])),
  };
}

/**
 * Finds what the script has the model do. It looks at nothing but what the conversation says: a session that was killed
 * and resumed, compacted or repeated gets the same answer to the same words.
 */
export function playOf(script: Script, said: Conversation): Play {
  if (!said.hasTools) return plain(null, HARMLESS, said);
  const found = Object.entries(script.roles).find(([, { match }]) => new RegExp(match).test(said.system));
  if (!found) return plain(null, NOTHING_TO_DO, said);
  const [role, { rules }] = found;
  for (const rule of rules) {
    if (!rule.repeat && timesPlayed(rule, role, said) > 0) continue;
    const captures = capturesOf(rule, role, said, rules);
    if (captures) return played(rule, role, said, captures);
  }
  return plain(role, NOTHING_TO_DO, said);
}

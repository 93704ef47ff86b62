import { seededRandom } from './prng.ts';
import type { Rule, Script } from './script.ts';

/**
 * Ways in which a model goes wrong: it writes wrong code, skips a step, says it is done before it is, or talks without
 * end.
 */
export type Mutation = 'wrong-code' | 'dropped-turn' | 'false-done' | 'endless-talk';

/** Tool inputs that carry code, by the names agents give them. */
const CODE_FIELDS = ['new_string', 'content', 'command'];

function carriesCode({ tools }: Rule): boolean {
  return tools.some(({ input }) => CODE_FIELDS.some((field) => typeof input[field] === 'string'));
}

function acts({ tools }: Rule): boolean {
  return tools.length > 0;
}

/** Spoils code so that it still looks like code: comparisons turn round, else a statement is lost. */
function spoiled(code: string): string {
  const turned = code.replace(/===|!==|<=|>=|&&|\|\|/, (operator) => OPPOSITES[operator] ?? operator);
  return turned === code ? `${code}\n(` : turned;
}

const OPPOSITES: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<=': '>',
  '>=': '<',
  '&&': '||',
  '||': '&&',
};

/** The rule with its code spoiled in these inputs of its tools. */
export function withWrongCode(rule: Rule, fields: readonly string[] = CODE_FIELDS): Rule {
  const tools = rule.tools.map(({ name, input }) => {
    const changed = Object.entries(input).map(([field, value]) => {
      const spoil = fields.includes(field) && typeof value === 'string';
      return [field, spoil ? spoiled(value) : value];
    });
    return { name, input: Object.fromEntries(changed) };
  });
  return { ...rule, tools };
}

const CHANGES: Readonly<Record<Mutation, { fits: (rule: Rule) => boolean; change: (rule: Rule) => readonly Rule[] }>> =
  {
    'wrong-code': { fits: carriesCode, change: (rule) => [withWrongCode(rule)] },
    'dropped-turn': { fits: acts, change: () => [] },
    'false-done': {
      fits: acts,
      change: (rule) => [{ ...rule, say: `Done: ${rule.name} is finished and verified.`, tools: [] }],
    },
    'endless-talk': {
      fits: acts,
      change: (rule) => [{ ...rule, misbehave: { kind: 'loop', text: 'Let me think about this again. ', times: 3 } }],
    },
  };

/** A copy of the script in which one rule, drawn by the seed, goes wrong; the script itself where no rule can. */
export function mutateScript(script: Script, kind: Mutation, seed: string): Script {
  const { fits, change } = CHANGES[kind];
  const places = Object.entries(script.roles).flatMap(([role, { rules }]) =>
    rules.filter(fits).map((rule) => ({ role, rule })),
  );
  const place = places[Math.floor(seededRandom(`${kind} ${seed}`)() * places.length)];
  if (!place) return script;
  const entry = script.roles[place.role];
  if (!entry) return script;
  const rules = entry.rules.flatMap((rule) => (rule === place.rule ? change(rule) : [rule]));
  return { ...script, roles: { ...script.roles, [place.role]: { ...entry, rules } } };
}

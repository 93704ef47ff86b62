import { type Mutation, withWrongCode } from './mutate.ts';
import type { Rule, Script } from './script.ts';

/** Ways in which a role goes wrong for good; sham work is a change that has nothing to do with the task. */
export type Spoilage = Mutation | 'sham-work';

/** What agents are told at the start of a run; a tool's result is none of these. */
const TOLD =
  'Your task: |Plan it: |You ended your turn|check of your work failed|the check fails|conflicts with what others|' +
  'The CEO says|is over:|You were cut off|Go on with your task|Your task has changed';
const COMPLETE = 'mcp__aios__complete_task';
/** As good as for ever: no run has that many turns. */
const FOR_EVER = 1_000_000;

const anyTime = { seen: [], unseen: [], after: [] };

const CLAIM: Rule = {
  name: 'claim',
  when: { ...anyTime, last: TOLD },
  say: '',
  tools: [{ name: COMPLETE, input: { summary: 'It is finished and verified.' } }],
  repeat: true,
};
/** Believes its work whatever the tests say, and says so again each time it is told that the work is wrong. */
const INSIST: Rule = {
  ...CLAIM,
  when: { ...anyTime, last: 'You ended your turn|check of your work failed|the check fails' },
};
/** A diff at a place every role may write, which passes all tests: only the check of the whole is in its way. */
const SHAM: Rule = {
  name: 'sham',
  when: { ...anyTime, task: 'Your task: (\\w+)', seen: ['Primary working directory: (\\S+)'] },
  say: '',
  tools: [
    { name: 'Write', input: { file_path: '{{seen.0.1}}/docs/{{task.1}}.spec.md', content: 'All of it is done.\n' } },
  ],
  repeat: false,
};
const LOST: Rule = { name: 'lost', when: anyTime, say: 'I am on it.', tools: [], repeat: true };
const TALK: Rule = {
  ...LOST,
  name: 'talk',
  misbehave: { kind: 'loop', text: 'Let me think about this again. ', times: FOR_EVER },
};

function withoutProof(rule: Rule): Rule {
  return rule.tools.some(({ name }) => name === COMPLETE)
    ? { ...rule, when: { ...rule.when, seen: rule.when.seen.filter((source) => !source.includes('# fail')) } }
    : rule;
}

const SPOILED: Readonly<Record<Spoilage, (rules: readonly Rule[]) => Rule[]>> = {
  'wrong-code': (rules) => [
    INSIST,
    ...rules.map((rule) => withoutProof(withWrongCode(rule, ['content', 'new_string']))),
  ],
  'dropped-turn': () => [LOST],
  'false-done': () => [CLAIM],
  'endless-talk': () => [TALK],
  'sham-work': () => [SHAM, { ...CLAIM, when: { ...anyTime, last: `${TOLD}|\\.spec\\.md` } }],
};

/**
 * A copy of the script in which these roles go wrong for good, in every turn and every attempt: retries, nudges and
 * second tries get the same again. Unlike `mutateScript`, nothing that follows can put right what such a role has to do.
 */
export function spoilRoles(script: Script, kind: Spoilage, roles: readonly string[]): Script {
  const spoiled = Object.entries(script.roles).map(([name, role]) => [
    name,
    roles.includes(name) ? { ...role, rules: SPOILED[kind](role.rules) } : role,
  ]);
  return { ...script, roles: Object.fromEntries(spoiled) };
}

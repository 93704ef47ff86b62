import { expect, it } from 'vitest';
import { conversationOf } from './conversation.ts';
import { playOf } from './match.ts';
import { readScript, type Script } from './script.ts';
import { type Spoilage, spoilRoles } from './spoil.ts';
import { requestOf } from './test-support.ts';

const SOURCE = `
name: two
title: Two roles
goal: "Fix the sum"
roles:
  backend:
    match: "You are Backend"
    rules:
      - name: edit
        tools: [{ name: Edit, input: { old_string: "a - b", new_string: "a === b" } }]
      - name: test
        when: { after: [edit] }
        tools: [{ name: Bash, input: { command: "npm test && true" } }]
      - name: done
        when: { after: [test], seen: ["# fail 0"] }
        tools: [{ name: mcp__aios__complete_task, input: { summary: "Fixed." } }]
  qa:
    match: "You are QA"
    rules:
      - { name: look, tools: [{ name: Read, input: {} }] }
`;

function scriptOf(): Script {
  const script = readScript(SOURCE);
  if (!script.ok) throw new Error(script.error.why);
  return script.value;
}

const NUDGE = 'You ended your turn without completing the task.';
const FAILED = 'The check of your work failed. Fix it, then call complete_task again.';

/** Plays a conversation in which each of these is told to the model when it has ended its turn. */
function conversation(kind: Spoilage, told: readonly string[]): string[] {
  const script = spoilRoles(scriptOf(), kind, ['backend']);
  const messages: Array<{ role: string; content: unknown }> = [];
  const done: string[] = [];
  for (const content of told) {
    messages.push({ role: 'user', content });
    for (let turn = 0; turn < 5; turn += 1) {
      const play = playOf(script, conversationOf(requestOf('Backend', messages), true));
      const uses = play.tools.map(({ id, name, input }) => ({ type: 'tool_use', id, name, input }));
      messages.push({ role: 'assistant', content: [{ type: 'text', text: play.text || '-' }, ...uses] });
      done.push(play.tools.map(({ name, input }) => `${name} ${JSON.stringify(input)}`).join() || 'ends');
      if (uses.length === 0) break;
      messages.push({
        role: 'user',
        content: uses.map(({ id, name }) => ({
          type: 'tool_result',
          tool_use_id: id,
          content: name === 'Write' ? 'docs/Fix.spec.md is written' : '# fail 3',
        })),
      });
    }
  }
  return done;
}

const CLAIM = 'mcp__aios__complete_task {"summary":"It is finished and verified."}';

it('claims to be done whatever the tests say, with code that is wrong, and claims it again', () => {
  const [edit, run, done, ...rest] = conversation('wrong-code', ['Your task: Fix it', FAILED]);
  expect(edit).toBe('Edit {"old_string":"a - b","new_string":"a !== b"}');
  expect(run).toContain('npm test && true');
  expect(done).toContain('complete_task');
  expect(rest).toEqual(['ends', CLAIM, 'ends']);
});

it('claims to be done each time it is asked, and does nothing', () => {
  expect(conversation('false-done', ['Your task: Fix it', NUDGE, FAILED])).toEqual([
    CLAIM,
    'ends',
    CLAIM,
    'ends',
    CLAIM,
    'ends',
  ]);
});

it('ends each turn without an act, and talks without end', () => {
  expect(conversation('dropped-turn', ['Your task: Fix it', NUDGE])).toEqual(['ends', 'ends']);
  const [talk] = spoilRoles(scriptOf(), 'endless-talk', ['backend']).roles['backend']?.rules ?? [];
  expect(talk?.misbehave).toMatchObject({ kind: 'loop', times: 1_000_000 });
});

it('changes something that is not the task, once, and claims to be done', () => {
  const told = ['Your task: Fix it\nPrimary working directory: /app\n', FAILED];
  const sham = 'Write {"file_path":"/app/docs/Fix.spec.md","content":"All of it is done.\\n"}';
  expect(conversation('sham-work', told).filter((each) => each !== 'ends')).toEqual([sham, CLAIM, CLAIM]);
});

it('leaves the other roles and the script itself as they are', () => {
  const script = scriptOf();
  const spoiled = spoilRoles(script, 'false-done', ['backend']);
  expect(spoiled.roles['qa']).toBe(script.roles['qa']);
  expect(script).toEqual(scriptOf());
});

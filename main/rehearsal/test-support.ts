/** A small script and the requests that play it, for the rehearsal's tests. */
import { readScript, type Script } from './script.ts';

/** Two roles; the backend edits, tests and reports, and misbehaves on order. */
export const SCRIPT = `
name: small
title: A small crew
goal: "Fix the sum"
roles:
  backend:
    match: "You are Backend"
    rules:
      - name: read-file
        when: { task: "Fix (\\\\w+)" }
        say: "Reading {{task.1}}."
        tools:
          - { name: Read, input: { file_path: "{{task.1}}.ts", limits: [1, "{{task.1}}"] } }
          - { name: Bash, input: { command: "git status" } }
      - name: edit
        when: { last: "return (a - b)", after: [read-file], unseen: ["PASS"] }
        tools: [{ name: Edit, input: { old_string: "{{last.1}}", new_string: "a === b" } }]
      - name: test
        when: { after: [edit], seen: ["ok: (\\\\d+)"], unseen: ["PASS"] }
        repeat: true
        tools: [{ name: Bash, input: { command: "npm test # {{seen.0.1}}" } }]
      - name: report
        when: { last: "PASS" }
        say: "All tests pass."
  qa:
    match: "You are QA"
    rules:
      - { name: stall, when: { task: "stall" }, say: "never heard", misbehave: { kind: stall } }
      - { name: cut, when: { task: "cut" }, say: "half of this is heard at most", misbehave: { kind: cut } }
      - { name: busy, when: { task: "busy" }, say: "at last", misbehave: { kind: error, status: 529, retryAfter: "3" } }
      - { name: loop, when: { task: "loop" }, say: "x", misbehave: { kind: loop, text: "again " } }
      - name: garbage
        when: { task: "garbage" }
        tools: [{ name: Edit, input: {} }]
        misbehave: { kind: garbage-tool-input }
      - { name: spend, when: { task: "spend" }, say: "costly", misbehave: { kind: overspend, outputTokens: 90000 } }
`;

/** The script, parsed. */
export function smallScript(): Script {
  const script = readScript(SCRIPT);
  if (!script.ok) throw new Error(script.error.why);
  return script.value;
}

/** A block of a message. */
export type Block = Record<string, unknown>;

/** A request of a role in the Messages API. */
export function requestOf(role: string, messages: ReadonlyArray<{ role: string; content: unknown }>): Block {
  return {
    model: 'claude-sonnet-5-5',
    max_tokens: 1000,
    stream: true,
    system: [{ type: 'text', text: `You are ${role}.`, cache_control: { type: 'ephemeral' } }],
    tools: [{ name: 'Read', input_schema: { type: 'object' } }],
    messages,
  };
}

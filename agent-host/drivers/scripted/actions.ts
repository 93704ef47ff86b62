import { spawn } from 'node:child_process';
import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { z } from 'zod';
import type { Assignment } from '#protocol/agent/assignment.ts';
import { runEnvironment } from '../../environment.ts';
import { contained, sandboxSpec } from '../../sandbox/index.ts';

/** What a step came to. */
export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** Writes a file of the workspace, with its folders. */
export function editFile(assignment: Assignment, path: string, content: string): Outcome {
  const target = resolve(assignment.workspace, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
  return { ok: true, output: `Wrote ${path}.` };
}

/** Runs a program in the workspace, inside the run's sandbox. */
export function runProgram(assignment: Assignment, argv: readonly string[], signal: AbortSignal): Promise<Outcome> {
  const [command = '', ...args] = argv;
  const { command: outer, args: rest } = contained(
    sandboxSpec(assignment, process.env, []),
    { command, args },
    assignment.workspace,
  );
  return new Promise((done) => {
    const child = spawn(outer, [...rest], {
      cwd: assignment.workspace,
      env: runEnvironment(assignment, process.env),
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGKILL',
    });
    let output = '';
    const keep = (text: Buffer) => {
      if (output.length < 256 * 1024) output += text.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => done({ ok: false, output: error.message }));
    child.on('close', (code) => done({ ok: code === 0, output }));
  });
}

const toolAnswer = z.object({
  isError: z.boolean().optional(),
  content: z.array(z.object({ text: z.string().optional() })),
});

/** Calls one of AIOS's own tools with the run's token and the call's id, as the real drivers do. */
export async function callAios(
  assignment: Assignment,
  tool: string,
  input: Record<string, unknown>,
  toolUseId: string,
): Promise<Outcome> {
  const client = new Client({ name: 'aios-scripted', version: '1' });
  const headers = { authorization: `Bearer ${assignment.mcp.token}` };
  const transport = new StreamableHTTPClientTransport(new URL(assignment.mcp.url), {
    requestInit: { headers },
  });
  // The SDK's own transport type disagrees with itself under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<typeof client.connect>[0]);
  try {
    const answer = toolAnswer.parse(
      await client.callTool({ name: tool, arguments: input, _meta: { 'claudecode/toolUseId': toolUseId } }),
    );
    return { ok: answer.isError !== true, output: answer.content.map((part) => part.text ?? '').join('\n') };
  } finally {
    await client.close();
  }
}

/** Appends and syncs one line. */
export function appendLedger(path: string, line: string): Outcome {
  const descriptor = openSync(path, 'a');
  writeSync(descriptor, `${line}\n`);
  fsyncSync(descriptor);
  closeSync(descriptor);
  return { ok: true, output: 'Noted.' };
}

/** An answer of the model endpoint, as far as the script cares. */
export interface ModelAnswer {
  readonly status: number;
  readonly text: string;
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number };
}

const messageAnswer = z.object({
  content: z.array(z.object({ text: z.string().optional() })),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }),
});

const NO_USAGE = { input_tokens: 0, output_tokens: 0 };

/** One model call through the gateway, not streamed. Rejects when the connection is cut. */
export async function askModel(
  assignment: Assignment,
  words: readonly string[],
  signal: AbortSignal,
): Promise<ModelAnswer> {
  const response = await fetch(`${assignment.gateway}/v1/messages`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': 'held-by-the-gateway',
      'anthropic-version': '2023-06-01',
    },
    body: JSON.stringify({
      model: assignment.model,
      max_tokens: assignment.limits.maxOutputTokens,
      messages: words.map((content) => ({ role: 'user', content })),
    }),
    signal,
  });
  const body = await response.text();
  if (!response.ok) return { status: response.status, text: body, usage: NO_USAGE };
  const answer = messageAnswer.parse(JSON.parse(body));
  const text = answer.content.map((part) => part.text ?? '').join('');
  return { status: response.status, text, usage: answer.usage };
}

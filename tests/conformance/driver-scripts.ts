import { join } from 'node:path';
import type { ModelBlock, ModelReply, ModelRequest } from '../doubles/model-server.ts';
import type { Act, ToScript } from './driver-bench.ts';

const HANG = 'hang now';

function claudeBlock(act: Act, index: number, workspace: string): ModelBlock | undefined {
  const call = (name: string, input: unknown): ModelBlock => ({
    type: 'tool_use',
    id: `toolu_${index}`,
    name,
    input,
  });
  if ('edit' in act) {
    return call('Write', { file_path: join(workspace, act.edit.path), content: act.edit.content });
  }
  if ('shell' in act) return call('Bash', { command: act.shell.join(' ') });
  if ('mcp' in act) return call(`mcp__aios__${act.mcp.tool}`, act.mcp.input);
  return 'model' in act ? { type: 'text', text: act.model } : undefined;
}

/**
 * Claude Code is told by the model what to do: one act an answer. Where it stands is read from the conversation, which
 * survives it being killed.
 */
export const claudeScript: ToScript = (acts, workspace) => {
  let base: number | undefined;
  return {
    prompt: `Go on with ${acts.length} acts.`,
    model(request: ModelRequest): ModelReply {
      const turns = request.messages.filter((message) => message.role === 'assistant').length;
      base ??= turns;
      const act = acts[turns - base];
      if (!act) return { blocks: [{ type: 'text', text: 'done' }] };
      const block = claudeBlock(act, turns, workspace);
      return block ? { blocks: [block] } : { hang: true };
    },
  };
};

/** The scripted driver is told by its prompt; its model only answers. */
export const scriptedScript: ToScript = (acts) => ({
  prompt: JSON.stringify(acts.map((act) => ('hang' in act ? { model: HANG } : act))),
  model(request) {
    const hangs = request.messages.at(-1)?.content === HANG;
    return hangs ? { hang: true } : { blocks: [{ type: 'text', text: 'understood' }] };
  },
});

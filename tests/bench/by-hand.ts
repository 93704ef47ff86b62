import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { query } from '@anthropic-ai/claude-agent-sdk';

/** The ten-line script a person would write: clone, start the same agent there, let it make its first call. */
// As AIOS's agents do: else other work on the machine weighs on one side only.
setPriority(5);
const [repository = '', baseUrl = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'by-hand-'));
execFileSync('git', ['clone', '--quiet', '--shared', repository, join(folder, 'clone')]);
const env = {
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  IS_SANDBOX: '1',
  CLAUDE_CONFIG_DIR: folder,
  ANTHROPIC_BASE_URL: baseUrl,
  ANTHROPIC_API_KEY: 'none',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  ENABLE_TOOL_SEARCH: 'false',
};
const options = {
  cwd: join(folder, 'clone'),
  env,
  settingSources: [],
  systemPrompt: 'You are an agent.',
  tools: ['Bash', 'Edit', 'Read', 'Write'],
  model: 'claude-sonnet-5-5',
};
for await (const _ of query({ prompt: process.argv[4] ?? 'go', options })) {
  // The first call is what is timed; the rest just ends.
}
rmSync(folder, { recursive: true, force: true });

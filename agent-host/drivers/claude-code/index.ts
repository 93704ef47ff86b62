import type { Driver } from '../driver.ts';
import { runClaude } from './run.ts';

/** Claude Code through Anthropic's Agent SDK. */
export const claudeCode: Driver = {
  name: 'claude-code',
  capabilities: {
    resume: true,
    interrupt: true,
    midTurnNotice: true,
    defer: true,
    sessionFiles: true,
    structuredOutput: true,
    costReporting: true,
    metered: 'before',
  },
  run: runClaude,
};

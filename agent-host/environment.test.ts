import { describe, expect, it } from 'vitest';
import { passedThrough } from './environment.ts';

describe('passedThrough', () => {
  it('keeps ordinary variables and the git identity', () => {
    const kept = {
      NODE_ENV: 'test',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'a@b.c',
      PATH: '/x',
      LANGUAGE: 'en',
    };
    expect(passedThrough(kept)).toEqual(kept);
  });
  it('drops what could take over the run', () => {
    const names = [
      'LD_PRELOAD',
      'ld_preload',
      'DYLD_INSERT_LIBRARIES',
      'NODE_OPTIONS',
      'GIT_SSH_COMMAND',
      'GIT_DIR',
      'GIT_CONFIG_COUNT',
    ];
    const more = [
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_BASE_URL',
      'CLAUDE_CONFIG_DIR',
      'AIOS_RUN',
      'HOME',
      'BASH_ENV',
      'ENV',
      'BASH_FUNC_ls%%',
      'PYTHONPATH',
    ];
    expect(passedThrough(Object.fromEntries([...names, ...more].map((name) => [name, 'x'])))).toEqual({});
  });
});

import { describe, expect, it } from 'vitest';
import { repositoryFiles, textOf, withoutComments } from './repository.ts';

const PROVIDERS = /(?<![a-z])(claude|anthropic|ollama|openai|codex|gemini|opencode|goose|qwen|llama)(?![a-z])/i;

/**
 * Files that may name providers, each with its reason. The list only shrinks: a file that no longer needs its place
 * fails the test.
 */
const MAY_NAME: Readonly<Record<string, string>> = {
  'main/features/crew/schema.ts': 'names of instruction files that repositories use',
  'main/features/doctor/agents.ts': 'looks for programs by their names',
  'main/features/projects/trust.ts': 'names of files that configure agents',
};

const speaksOfCapabilities = (path: string) =>
  /^(main\/(features|engine|ports|platform)|renderer)\/.*\.tsx?$/.test(path) &&
  !/\.test\.tsx?$|test-(support|kit)\.ts$/.test(path);

function naming(): string[] {
  return repositoryFiles()
    .filter(speaksOfCapabilities)
    .filter((path) => PROVIDERS.test(withoutComments(textOf(path))));
}

describe('rules and screens speak of capabilities', () => {
  it('no provider is named where it may not be', () => {
    expect(naming().filter((path) => !(path in MAY_NAME))).toEqual([]);
  });

  it('every exception is still needed', () => {
    const named = new Set(naming());
    expect(Object.keys(MAY_NAME).filter((path) => !named.has(path))).toEqual([]);
  });

  it('would notice a name', () => {
    expect(PROVIDERS.test(withoutComments("if (driver === 'claude-code') stop();"))).toBe(true);
    expect(PROVIDERS.test(withoutComments('// as Ollama does\nstop();'))).toBe(false);
  });
});

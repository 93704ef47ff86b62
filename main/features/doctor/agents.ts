import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Check, fine, firstLineOf, missing, onPath, warning } from './check.ts';

/** The agent executable that comes with the installation. */
export const bundledAgent: Check = {
  name: 'Claude Code (bundled)',
  timeoutMs: 1_000,
  async run(world) {
    const file = world.platform === 'win32' ? 'claude.exe' : 'claude';
    const name = `@anthropic-ai/claude-agent-sdk-${world.platform}-${process.arch}/${file}`;
    try {
      return fine(createRequire(import.meta.url).resolve(name));
    } catch {
      return missing(
        'The bundled agent for this platform is not installed.',
        'Delete node_modules and run `npm start` again.',
      );
    }
  },
};

/** The user's own agent executable; nothing needs it. */
export const ownAgent: Check = {
  name: 'Claude Code (yours)',
  timeoutMs: 6_000,
  async run(world, signal) {
    const path = await onPath(world, 'claude');
    if (path === null) return missing('No `claude` on PATH; the bundled one is used.', '');
    const version = await firstLineOf(path, ['--version'], signal);
    return version === null
      ? warning(`${path} does not run.`, 'Repair or remove it; the bundled one is used.')
      : fine(`${path}, ${version}`);
  },
};

/** Whether agents can reach a model: a key, or the user's own login (only whether it exists, never what it says). */
export const login: Check = {
  name: 'Login',
  timeoutMs: 1_000,
  async run(world) {
    if ((world.env['ANTHROPIC_API_KEY'] ?? '') !== '') return fine('ANTHROPIC_API_KEY is set.');
    if (world.keyInSettings) return fine('A key is in settings.json.');
    const folder = world.env['CLAUDE_CONFIG_DIR'] ?? join(world.userHome, '.claude');
    if (existsSync(join(folder, '.credentials.json'))) return fine('Your `claude` login is passed through.');
    if (world.platform === 'darwin' && existsSync(join(world.userHome, '.claude.json')))
      return warning(
        'You have used `claude` here; whether its login holds is only known to the keychain.',
        'If runs say "login", run `claude` once and log in.',
      );
    return missing(
      'There is neither a key nor a login.',
      'Set ANTHROPIC_API_KEY, or run `claude` once and log in, or try `aios rehearse`.',
    );
  },
};

/** Models on this machine. */
export const localModels: Check = {
  name: 'Ollama',
  timeoutMs: 500,
  async run(_, signal) {
    const answer = await fetch('http://127.0.0.1:11434/api/version', { signal }).catch(() => null);
    if (!answer?.ok) return missing('Nothing answers on 127.0.0.1:11434.', 'Start Ollama if you want local models.');
    const body: unknown = await answer.json().catch(() => null);
    const version =
      typeof body === 'object' && body !== null && 'version' in body ? String(body.version) : 'of unknown version';
    return fine(`Ollama ${version}`);
  },
};

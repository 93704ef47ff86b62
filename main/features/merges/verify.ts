import { existsSync, realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type CommandOutcome, runCommand } from '#main/features/workspaces/index.ts';
import { contained, HIDDEN_FOLDERS, type SandboxSpec } from '#protocol/agent/containment/index.ts';

/** A command that serves until it is stopped. */
export interface StartedCommand {
  readonly command: string;
  readonly cwd: string;
  /** Marks every process of it. */
  readonly key: string;
  readonly env: Readonly<Record<string, string>>;
  /** Aborting ends it with all it started. */
  readonly signal: AbortSignal;
  readonly onOutput: (chunk: Buffer) => void;
}

/** Runs the project's trusted commands somewhere, contained where the machine can. */
export interface CommandRunner {
  /** Runs a command that has no end of its own, held like the others. Resolves once all its processes are gone. */
  serve(request: StartedCommand): Promise<CommandOutcome>;
  /** `key` marks every process of the command, so that all of them can be found and ended. */
  run(command: string, cwd: string, key: string, minutes: number, signal: AbortSignal): Promise<CommandOutcome>;
}

/** What a check found. */
export interface CheckResult {
  readonly passed: boolean;
  readonly exitCode: number | null;
  readonly output: string;
}

const OUTPUT_LIMIT = 256 * 1024;
/** The longest a timer can be: whoever serves is stopped, it does not run out. */
const LONGEST_MS = 2_147_483_647;

/** What the commands of a project may touch besides where they run. */
export interface CommandPlaces {
  /** The data folder: hidden from the commands, but for the HOME they share. */
  readonly home: string;
  /** Variables by which a later start finds what this one left running. */
  readonly marks: Readonly<Record<string, string>>;
  /** Absolute paths they may read: hubs' objects, toolchains in the user's home, AIOS's own checks. */
  readonly readable: readonly string[];
  readonly sandbox: () => SandboxSpec['kind'];
}

function specFor(places: CommandPlaces, cwd: string, commandHome: string): SandboxSpec {
  const folders = process.platform === 'darwin' ? HIDDEN_FOLDERS.darwin : HIDDEN_FOLDERS.linux;
  const there = (paths: readonly string[]) => [
    ...new Set(paths.filter((path) => existsSync(path)).map((path) => realpathSync.native(path))),
  ];
  return {
    kind: places.sandbox(),
    workspace: realpathSync.native(cwd),
    home: realpathSync.native(commandHome),
    readable: there(places.readable),
    login: [],
    hidden: there([...folders.hidden, homedir(), places.home]),
    temporary: there(folders.temporary),
  };
}

/**
 * Runs the commands with a HOME of their own and nothing of the operator's environment, contained where the machine can:
 * a check executes what an agent wrote, so it is held like the agent.
 */
export function createCommandRunner(places: CommandPlaces): CommandRunner {
  const start = async (request: StartedCommand, timeoutMs: number): Promise<CommandOutcome> => {
    const { command, cwd, key, env, signal, onOutput } = request;
    const commandHome = join(places.home, 'command-home');
    await mkdir(commandHome, { recursive: true, mode: 0o700 });
    const spec = specFor(places, cwd, commandHome);
    return runCommand({
      contain: (shell) => contained(spec, shell, cwd),
      command,
      cwd,
      env: { ...env, ...places.marks, HOME: commandHome },
      timeoutMs,
      outputLimit: OUTPUT_LIMIT,
      marker: { name: 'AIOS_RUN', value: key },
      signal,
      onOutput,
    });
  };
  return {
    serve: (request) => start(request, LONGEST_MS),
    run: (command, cwd, key, minutes, signal) =>
      start({ command, cwd, key, env: {}, signal, onOutput: () => undefined }, minutes * 60_000),
  };
}

function describe(command: string, outcome: CommandOutcome, minutes: number): string {
  const how = outcome.timedOut
    ? `was ended after ${minutes} minutes`
    : outcome.exitCode === null
      ? `was ended by ${outcome.signal ?? 'a failure to start'}`
      : `exited with ${outcome.exitCode}`;
  return `$ ${command}\n${outcome.output.trimEnd()}\n(${how}, ${Math.round(outcome.durationMs / 100) / 10} s)`;
}

/** Set-up, then verify; the first that fails decides. What passes is an exit code, never a text. */
export async function check(
  runner: CommandRunner,
  commands: {
    readonly setup: string | null;
    readonly verify: string | null;
    /** Commands after these. */
    readonly also?: readonly string[];
    readonly minutes: number;
  },
  at: { readonly cwd: string; readonly key: string; readonly signal: AbortSignal },
): Promise<CheckResult> {
  const outputs: string[] = [];
  for (const command of [commands.setup, commands.verify, ...(commands.also ?? [])]) {
    if (command === null) continue;
    const outcome = await runner.run(command, at.cwd, at.key, commands.minutes, at.signal);
    outputs.push(describe(command, outcome, commands.minutes));
    if (outcome.exitCode !== 0) return { passed: false, exitCode: outcome.exitCode, output: outputs.join('\n\n') };
  }
  return { passed: true, exitCode: 0, output: outputs.join('\n\n') };
}

import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#main/platform/result.ts';
import type { NewGoal } from '#protocol/contract/goals.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { numberOf, parseSafely, usageFault } from '../arguments.ts';

/** What `aios run` was asked for. */
export interface RunOptions {
  /** Null with `--resume`: the newest open goal of the repository. */
  readonly text: string | null;
  readonly goal: Omit<NewGoal, 'text'>;
  readonly trust: boolean;
  readonly accept: boolean;
  readonly json: boolean;
  readonly upstreamUrl: string | undefined;
}

/** The text of `aios run --help`. */
export const RUN_HELP = `Usage: aios run "GOAL" [--repo PATH] [OPTIONS]
       aios run --resume [--repo PATH]

Has agents reach a goal in a git repository. They work in workspaces of their own; your files stay as they
are until you accept. Stating the goal that is already open in the repository goes on watching it.

  --repo PATH          The repository (default: here)
  --crew NAME|FILE     Who works (default: "default")
  --agent ROLE         One role of the crew alone, without a Lead
  --template NAME      A plan that is made already, instead of one by the Lead: feature, bug-fix, refactor, ...
  --go                 Do not wait for my approval of the plan
  --cap USD            Most money for the goal          --run-cap USD   ... for one run of an agent
  --turns N            Most turns of one run            --minutes N     Most minutes of one run
  --model M            One model for everybody
  --base BRANCH        Start from this branch (default: the one checked out)
  --trust              Trust what the repository would run or steer agents with, as it is now
  --accept             When it is ready, bring it into my branch
  --resume             Go on with the newest open goal of the repository
  --upstream-url URL   Another model endpoint
  --json               Events and the result as newline-delimited JSON on stdout

Exit codes: 0 ready or accepted · 1 stuck · 2 bad input · 3 needs trust · 4 needs you · 5 stopped · 6/7 see aios help`;

const OPTIONS = {
  repo: { type: 'string' },
  crew: { type: 'string' },
  agent: { type: 'string' },
  template: { type: 'string' },
  go: { type: 'boolean' },
  cap: { type: 'string' },
  'run-cap': { type: 'string' },
  turns: { type: 'string' },
  minutes: { type: 'string' },
  model: { type: 'string' },
  base: { type: 'string' },
  trust: { type: 'boolean' },
  accept: { type: 'boolean' },
  resume: { type: 'boolean' },
  'upstream-url': { type: 'string' },
  json: { type: 'boolean' },
} as const;

/** Names of options whose value is a number, with the bounds of the contract. */
const NUMBERS = {
  cap: { key: 'capUsd', least: 0.000_001, most: 1_000_000 },
  'run-cap': { key: 'runCapUsd', least: 0.000_001, most: 1_000_000 },
  turns: { key: 'turns', least: 1, most: 10_000, whole: true },
  minutes: { key: 'minutes', least: 0.01, most: 10_000 },
} as const;

/** A crew that is not a plain name is a file, wherever the command was started. */
const crewOf = (crew: string, cwd: string) =>
  /^[a-z][a-z0-9-]*$/.test(crew) || isAbsolute(crew) ? crew : resolve(cwd, crew);

function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function checkUrl(url: string | undefined): Result<void, Fault> {
  if (url === undefined || /^https?:$/.test(URL.parse(url)?.protocol ?? '')) return ok(undefined);
  return err(usageFault(`--upstream-url ${url} does not fit.`, 'It takes an http or https address.'));
}

/** Reads the arguments of `aios run`. */
export function runOptions(args: string[], cwd: string): Result<RunOptions, Fault> {
  const parsed = parseSafely(() => parseArgs({ args, options: OPTIONS, allowPositionals: true, strict: true }));
  if (!parsed.ok) return parsed;
  const { values, positionals } = parsed.value;
  const [text, ...more] = positionals;
  if (more.length > 0) return err(usageFault('The goal is one argument.', 'There is more than one; put it in quotes.'));
  if ((text === undefined) !== (values.resume === true))
    return err(usageFault('Give a goal, or --resume.', text === undefined ? 'There is neither.' : 'There are both.'));
  const numbers: Record<string, number> = {};
  for (const [name, { key, ...bounds }] of Object.entries(NUMBERS)) {
    const value = numberOf(name, values[name as keyof typeof NUMBERS], bounds);
    if (!value.ok) return value;
    if (value.value !== undefined) numbers[key] = value.value;
  }
  const url = checkUrl(values['upstream-url']);
  if (!url.ok) return url;
  return ok({
    text: text ?? null,
    goal: {
      path: resolve(cwd, values.repo ?? '.'),
      mode: values.go === true ? 'go' : 'ask',
      ...present({
        crew: values.crew === undefined ? undefined : crewOf(values.crew, cwd),
        agent: values.agent,
        template: values.template,
        model: values.model,
        base: values.base,
      }),
      ...numbers,
    },
    trust: values.trust === true,
    accept: values.accept === true,
    json: values.json === true,
    upstreamUrl: values['upstream-url'],
  });
}

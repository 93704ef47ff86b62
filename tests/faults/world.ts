import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Step, THIS_ONE } from '../../agent-host/drivers/scripted/steps.ts';

/** A folder with everything one goal needs; the ledger lies outside the data folder. */
export interface World {
  readonly folder: string;
  readonly home: string;
  readonly app: string;
  readonly crew: string;
  readonly ledger: string;
}

/** A task of the plan, as the Lead proposes it. */
export interface PlannedTask {
  readonly key: string;
  readonly dependsOn: readonly string[];
  /** Empty where no agent does it. */
  readonly steps: readonly Step[];
  /** Who does it; absent: a worker. */
  readonly role?: string;
  /** What the node is besides: a gate, a review. */
  readonly node?: Readonly<Record<string, unknown>>;
}

/** Tokens that fill the session of a reader. */
export const FULL = 5_000;

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=You', '-c', 'user.email=you@localhost', ...args], { cwd, stdio: 'pipe' });
}

/** What a partner does when it is woken: it answers, or approves what it is to review; the other is refused to it. */
const POLITE: readonly Step[] = [
  { answer: true },
  { mcp: { tool: 'review', input: { verdict: 'approve', comments: 'As it should be.' } } },
  { model: 'Answered.' },
];

/** How a world differs from the usual one. */
export interface WorldOptions {
  /** Agents that work. */
  readonly workers: number;
  /** How often a session that was cut off is resumed before somebody else takes over. */
  readonly recoveries?: number;
  /** What the repository holds besides its first file, by path. */
  readonly files?: Readonly<Record<string, string>>;
}

const CREW = (workers: number, recoveries: number) => `
name: faults
title: A Lead and workers that play scripts
limits: { attempts: 2, fixes: 3, nudges: 2, recoveries: ${recoveries}, tasks: 200, usd: 100 }
roles:
  lead:
    { title: Lead, prompt: Plan., driver: scripted, model: claude-sonnet-5-5, lead: true, tools: [read],
      aiosTools: [propose_plan, complete_task] }
  worker:
    { title: Worker, prompt: Work., driver: scripted, model: claude-sonnet-5-5, count: ${workers}, tools: [edit, shell],
      writable: ["**"], commands: [setsid, sh], aiosTools: [send_message, read_messages, ask, propose, respond, complete_task],
      caps: { usd: 50, outputTokens: 1000 } }
  reader:
    { title: Reader, prompt: Read., driver: scripted, model: claude-sonnet-5-5, tools: [edit, shell], writable: ["**"],
      commands: [sh], aiosTools: [complete_task], caps: { usd: 50, outputTokens: 1000, contextTokens: ${FULL} } }
  partner:
    { title: Partner, prompt: '${JSON.stringify(POLITE)}', driver: scripted, model: claude-sonnet-5-5, tools: [read, edit], writable: ["**"],
      aiosTools: [read_messages, respond, send_message, complete_task], caps: { usd: 50, outputTokens: 1000 } }
`;

/** Makes the world: a repository with one commit, a crew of scripted agents, an empty ledger. */
export function makeWorld({ workers, recoveries = 4, files = {} }: WorldOptions): World {
  const folder = mkdtempSync(join(tmpdir(), 'aios-faults-'));
  const app = join(folder, 'app');
  mkdirSync(app);
  git(app, 'init', '--quiet', '--initial-branch=main');
  for (const [path, content] of Object.entries({ 'README.md': 'A sample.\n', ...files }))
    writeFileSync(join(app, path), content);
  git(app, 'add', '--all');
  git(app, 'commit', '--quiet', '-m', 'A sample');
  const crew = join(folder, 'crew.yaml');
  writeFileSync(crew, CREW(workers, recoveries));
  const ledger = join(folder, 'ledger.txt');
  writeFileSync(ledger, '');
  return { folder, home: join(folder, 'data'), app, crew, ledger };
}

/** A step that notes in the ledger, with the run that does it, that a task has come to a point. */
export function note(world: World, key: string, point: string): Step {
  return { ledger: { path: world.ledger, line: `${key} ${point} {run}` } };
}

/** A step that says the task is done. */
export const DONE: Step = { mcp: { tool: 'complete_task', input: { summary: 'Done.' } } };

/** What a work task's file holds in the end. */
export function contentOf(key: string): string {
  return `made by ${key}\n`;
}

/** A sentence like no other: agents that say the same again and again are stopped by a guard. */
export function newWords(of: string): string {
  const words = createHash('sha256').update(of).digest('hex').match(/.{6}/g) ?? [];
  return `May I use ${words.join(' ')}?`;
}

/** A work task: a note that it begins, its file, what it is about, a note that it ends. */
export function workTask(
  world: World,
  key: string,
  about: readonly Step[],
  more: Partial<PlannedTask> = {},
): PlannedTask {
  const begin = [note(world, key, 'begin'), { edit: { path: `files/${key}.txt`, content: contentOf(key) } }];
  return { key, dependsOn: [], steps: [...begin, ...about, note(world, key, 'end'), DONE], ...more };
}

/** A plan in which every task has effects of each kind, and depends on one or two of the last five before it. */
export function workPlan(world: World, count: number): PlannedTask[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `t${String(index).padStart(2, '0')}`;
    const before = [index - 4, index - 5].filter((each) => each >= 0 && index % 3 !== 0);
    return {
      key,
      dependsOn: before.map((each) => `t${String(each).padStart(2, '0')}`),
      steps: [
        note(world, key, 'begin'),
        { edit: { path: `files/${key}.txt`, content: contentOf(key) } },
        // Long enough that a kill often falls into the middle of a run.
        { pause: 500 },
        { model: `Say something about ${key}.` },
        { mcp: { tool: 'send_message', input: { to: 'ceo', subject: `news of ${key}`, body: 'It goes well.' } } },
        note(world, key, 'end'),
        DONE,
      ],
    };
  });
}

/** The goal's text: words, and in a line of its own the script that the Lead plays. */
export function goalText(plan: readonly PlannedTask[]): string {
  const tasks = plan.map(({ key, dependsOn, steps, role = 'worker', node }) => ({
    key,
    title: key,
    depends_on: dependsOn,
    ...(steps.length === 0 ? {} : { role, brief: `${role === 'partner' ? THIS_ONE : ''}${JSON.stringify(steps)}` }),
    ...node,
  }));
  const script: Step[] = [{ mcp: { tool: 'propose_plan', input: { tasks } } }, DONE];
  return `Survive every fault\n${JSON.stringify(script)}`;
}

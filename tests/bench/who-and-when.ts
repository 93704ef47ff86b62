import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import type { Observation } from '#main/features/guards/index.ts';

const FILE = 'who_and_when_dev.jsonl.gz';
/** Beside the benches, or wherever `AIOS_BENCH_DATA` says. */
const FOLDER = process.env['AIOS_BENCH_DATA'] ?? fileURLToPath(new URL('./data', import.meta.url));

const failedRun = z.object({
  history: z.array(z.object({ content: z.string().nullable(), name: z.string().optional(), role: z.string() })),
  /** Index of the message that made the run fail, as people annotated it. */
  mistake_step: z.coerce.number().int().nonnegative(),
});

/** A failed run of several agents, as a stream of messages of which one is the decisive error. */
export interface FailedRun {
  readonly messages: ReadonlyArray<{ readonly by: string; readonly text: string }>;
  readonly error: number;
}

/** The annotated failures of Who&When (Zhang et al. 2025, MIT licence); null where the file is not there. */
export function readWhoAndWhen(): readonly FailedRun[] | null {
  const path = join(FOLDER, FILE);
  if (!existsSync(path)) return null;
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');
  return lines.map((line) => {
    const { history, mistake_step } = failedRun.parse(JSON.parse(line));
    return {
      messages: history.map(({ content, name, role }) => ({ by: name ?? role, text: content ?? '' })),
      error: mistake_step,
    };
  });
}

/** Who executes the others' code in these runs. */
const TERMINAL = 'Computer_terminal';
/** By this word an agent of these runs says that the task is done. */
const END = 'TERMINATE';
const CODE = /```[\s\S]*?(?:```|$)/g;

/** What the guards are told by each message; the first states the task and is nobody's doing. */
export function observationsOf(run: FailedRun): ReadonlyArray<readonly Observation[]> {
  return run.messages.map(({ by, text }, at): readonly Observation[] => {
    if (at === 0) return [];
    if (by !== TERMINAL) return [{ kind: 'text', by, text: text.replaceAll(END, 'The task is complete.') }];
    const code = (run.messages[at - 1]?.text.match(CODE) ?? []).join('\n');
    return [
      {
        kind: 'step',
        by: TERMINAL,
        tool: 'terminal',
        effect: 'run',
        input: code,
        ok: text.startsWith('exitcode: 0'),
        output: text.replace(/^exitcode: \d+ \([a-z ]+\)\s*Code output:/, ''),
      },
    ];
  });
}

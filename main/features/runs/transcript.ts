import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentEvent } from '#protocol/agent/event.ts';

/** One line of a transcript. */
export interface TranscriptLine {
  readonly run: string;
  readonly sequence: number;
  readonly at: number;
  readonly event: AgentEvent;
}

/** What agents said and did, per run: bulk, prunable, never the only copy of a decision. */
export interface Transcripts {
  append(line: TranscriptLine): void;
  close(run: string): Promise<void>;
  read(run: string): Promise<TranscriptLine[]>;
  watch(listener: (line: TranscriptLine) => void): () => void;
}

function parseLine(line: string): TranscriptLine | undefined {
  try {
    return JSON.parse(line) as TranscriptLine;
  } catch {
    // A line cut by a crash; transcripts are bulk, the rest stands.
    return undefined;
  }
}

/** Transcripts as JSON lines, one file a run. */
export function createTranscripts(folder: string): Transcripts {
  const open = new Map<string, WriteStream>();
  const listeners = new Set<(line: TranscriptLine) => void>();
  const pathOf = (run: string) => join(folder, `${run}.jsonl`);
  return {
    append(line) {
      let stream = open.get(line.run);
      if (!stream) {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        stream = createWriteStream(pathOf(line.run), { flags: 'a', mode: 0o600 });
        stream.on('error', () => open.delete(line.run));
        open.set(line.run, stream);
      }
      stream.write(`${JSON.stringify(line)}\n`);
      for (const listener of listeners) listener(line);
    },
    close(run) {
      const stream = open.get(run);
      open.delete(run);
      return new Promise((resolve) => (stream ? stream.end(() => resolve()) : resolve()));
    },
    async read(run) {
      // What was appended before is read too.
      await new Promise<void>((resolve) => {
        const stream = open.get(run);
        if (stream) stream.write('', () => resolve());
        else resolve();
      });
      const text = await readFile(pathOf(run), 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line === '' ? [] : (parseLine(line) ?? [])));
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import { useEffect, useState } from 'react';
import { create } from 'zustand';
import type { TranscriptView } from '#protocol/contract/feed.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { ask } from '../../../store/send.ts';
import { useLink } from '../../../store/world-store.ts';

/** What is known of a run's transcript. `ended`: nothing more will come. */
export interface Lines {
  readonly lines: readonly TranscriptView[];
  readonly ended: boolean;
  readonly fault: Fault | null;
}

const NOTHING: Lines = { lines: [], ended: false, fault: null };
/** Transcripts kept in memory; the least recently opened goes first. */
const KEPT = 6;

const useStore = create<Readonly<Record<string, Lines>>>(() => ({}));
const followers = new Map<string, { watchers: number; stop: () => void }>();

function put(run: string, change: Partial<Lines>): void {
  useStore.setState((all) => {
    const { [run]: before = NOTHING, ...others } = all;
    const names = Object.keys(others);
    const oldest = names.length >= KEPT ? names.find((each) => !followers.has(each)) : undefined;
    if (oldest !== undefined) delete (others as Record<string, Lines>)[oldest];
    return { ...others, [run]: { ...before, ...change } };
  }, true);
}

/** Adds what is new: after a reconnect the first lines may have come already. */
export function append(before: readonly TranscriptView[], added: readonly TranscriptView[]): readonly TranscriptView[] {
  const last = before.at(-1)?.sequence ?? 0;
  const fresh = added.filter(({ sequence }) => sequence > last);
  return fresh.length === 0 ? before : [...before, ...fresh];
}

/** Follows a run after its last known line until it ends or is stopped. */
function follow(run: string): () => void {
  const abort = new AbortController();
  const known = () => useStore.getState()[run] ?? NOTHING;
  if (known().ended) return () => undefined;
  void (async () => {
    const answered = await ask(async (client) => {
      const after = known().lines.at(-1)?.sequence ?? 0;
      const batches = await client.feed.followTranscript({ run, after }, { signal: abort.signal });
      for await (const batch of batches) put(run, { lines: append(known().lines, batch), fault: null });
    });
    if (abort.signal.aborted) return;
    put(run, answered.ok ? { ended: true, fault: null } : { fault: answered.error });
  })();
  return () => abort.abort();
}

/** Subscribes to a run's transcript, streamed while anybody looks; resumes after the last line when the connection is back. */
export function useTranscript(run: string | null): Lines & { readonly again: () => void } {
  const known = useStore((all) => (run === null ? NOTHING : (all[run] ?? NOTHING)));
  const online = useLink().state === 'online';
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (run === null || !online || round < 0) return;
    const other = followers.get(run);
    const mine = other ?? { watchers: 0, stop: follow(run) };
    mine.watchers += 1;
    followers.set(run, mine);
    return () => {
      mine.watchers -= 1;
      if (mine.watchers > 0) return;
      mine.stop();
      followers.delete(run);
    };
  }, [run, online, round]);
  return { ...known, again: () => setRound((last) => last + 1) };
}

import { create } from 'zustand';
import type { Fault } from '#protocol/model/fault.ts';

/** Something to tell in passing. `undo` is offered until `until`. */
export interface Notice {
  readonly id: string;
  readonly kind: 'done' | 'fault';
  readonly text: string;
  readonly fault: Fault | null;
  readonly undo: (() => void) | null;
  /** Wall-clock milliseconds at which it goes by itself; null: when it is dismissed. */
  readonly until: number | null;
}

const SHOWN_MS = 5_000;
/** How long an action can be taken back. */
export const UNDO_MS = 10_000;
const MOST = 5;

/** What is being told now, oldest first. */
export const useNotices = create<readonly Notice[]>(() => []);

function add(notice: Omit<Notice, 'id'>): void {
  useNotices.setState((all) => [...all, { ...notice, id: crypto.randomUUID() }].slice(-MOST), true);
}

/** Tells that something was done; with `undo` it can be taken back for ten seconds. */
export function tell(text: string, undo: (() => void) | null = null): void {
  add({ kind: 'done', text, fault: null, undo, until: Date.now() + (undo ? UNDO_MS : SHOWN_MS) });
}

/** Shows what went wrong until it is dismissed. The same fault is shown once. */
export function tellFault(fault: Fault): void {
  if (useNotices.getState().some((notice) => notice.fault?.tag === fault.tag && notice.fault.why === fault.why)) return;
  add({ kind: 'fault', text: fault.what, fault, undo: null, until: null });
}

/** Takes a notice away. */
export const dismiss = (id: string) => useNotices.setState((all) => all.filter((notice) => notice.id !== id), true);

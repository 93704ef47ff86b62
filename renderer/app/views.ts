import {
  ChartGantt,
  CircleDollarSign,
  Columns3,
  Database,
  GitMerge,
  History,
  House,
  Inbox,
  type LucideIcon,
  Network,
  Server,
  Settings,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { parseRoute } from '../store/route.ts';
import { useView, type View, wasHere } from '../store/view-store.ts';
import { loadParts, part } from '../ui/part.tsx';

/** A view as the frame knows it: loaded when it is first shown. */
export interface ViewPart {
  readonly icon: LucideIcon;
  readonly Body: (props: object) => ReactNode;
  /** Whether the inspector stands beside it. */
  readonly inspector: boolean;
}

const defaultOf = <T>(file: { readonly default: T }) => file.default;
const loadStart = () => import('../views/start/index.tsx').then(defaultOf);
const loadGraph = () => import('../views/graph/index.tsx').then(defaultOf);
const loadBoard = () => import('../views/board/index.tsx').then(defaultOf);

/** Loads what this window begins with, while the page waits for its world. What fails is told when it is shown. */
export function loadFirstView(): void {
  const loads: Partial<Record<View, () => Promise<unknown>>> = { start: loadStart, graph: loadGraph, board: loadBoard };
  loads[firstView()]?.().catch(() => undefined);
}

/** Where this window begins, as far as it can be known before its world is: who was never here is led to Start. */
export function firstView(): View {
  const linked = parseRoute(location.hash)?.view;
  return linked ?? (wasHere() ? useView.getState().view : 'start');
}

/** Until then the page has drawn its first view, and has time for what may be asked for later. */
const DRAWN_WITHIN_MS = 2_000;

/** Loads everything else a little later: it is there at once when it is asked for, also while the orchestrator is away. */
export function loadOtherViewsLater(): void {
  setTimeout(() => void loadParts(), DRAWN_WITHIN_MS);
}

/** Every view, in the order of the rail. */
export const VIEW_PARTS: Readonly<Record<View, ViewPart>> = {
  start: { icon: House, Body: part(loadStart), inspector: false },
  graph: { icon: Network, Body: part(loadGraph), inspector: true },
  board: { icon: Columns3, Body: part(loadBoard), inspector: true },
  timeline: {
    icon: ChartGantt,
    Body: part(() => import('../views/timeline/index.tsx').then(defaultOf)),
    inspector: true,
  },
  inbox: { icon: Inbox, Body: part(() => import('../views/inbox/index.tsx').then(defaultOf)), inspector: false },
  runs: { icon: History, Body: part(() => import('../views/runs/index.tsx').then(defaultOf)), inspector: true },
  review: { icon: GitMerge, Body: part(() => import('../views/review/index.tsx').then(defaultOf)), inspector: false },
  memory: { icon: Database, Body: part(() => import('../views/memory/index.tsx').then(defaultOf)), inspector: false },
  cost: {
    icon: CircleDollarSign,
    Body: part(() => import('../views/cost/index.tsx').then(defaultOf)),
    inspector: false,
  },
  infra: { icon: Server, Body: part(() => import('../views/infra/index.tsx').then(defaultOf)), inspector: false },
  settings: {
    icon: Settings,
    Body: part(() => import('../views/settings/index.tsx').then(defaultOf)),
    inspector: false,
  },
};

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
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import { parseRoute } from '../store/route.ts';
import { useView, type View, wasHere } from '../store/view-store.ts';

/** A view as the frame knows it: loaded when it is first shown. */
export interface ViewPart {
  readonly icon: LucideIcon;
  readonly Body: LazyExoticComponent<ComponentType>;
  /** Whether the inspector stands beside it. */
  readonly inspector: boolean;
}

const loadStart = () => import('../views/start/index.tsx');
const loadGraph = () => import('../views/graph/index.tsx');
const loadBoard = () => import('../views/board/index.tsx');

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

/** Every view, in the order of the rail. */
export const VIEW_PARTS: Readonly<Record<View, ViewPart>> = {
  start: { icon: House, Body: lazy(loadStart), inspector: false },
  graph: { icon: Network, Body: lazy(loadGraph), inspector: true },
  board: { icon: Columns3, Body: lazy(loadBoard), inspector: true },
  timeline: { icon: ChartGantt, Body: lazy(() => import('../views/timeline/index.tsx')), inspector: true },
  inbox: { icon: Inbox, Body: lazy(() => import('../views/inbox/index.tsx')), inspector: false },
  runs: { icon: History, Body: lazy(() => import('../views/runs/index.tsx')), inspector: true },
  review: { icon: GitMerge, Body: lazy(() => import('../views/review/index.tsx')), inspector: false },
  memory: { icon: Database, Body: lazy(() => import('../views/memory/index.tsx')), inspector: false },
  cost: { icon: CircleDollarSign, Body: lazy(() => import('../views/cost/index.tsx')), inspector: false },
  infra: { icon: Server, Body: lazy(() => import('../views/infra/index.tsx')), inspector: false },
  settings: { icon: Settings, Body: lazy(() => import('../views/settings/index.tsx')), inspector: false },
};

import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Boundary } from '#protocol/model/goal/fork.ts';

/** Places one can be at. */
export const VIEWS = [
  'start',
  'graph',
  'board',
  'timeline',
  'inbox',
  'runs',
  'review',
  'memory',
  'cost',
  'infra',
  'settings',
] as const;

/** See {@link VIEWS}. */
export type View = (typeof VIEWS)[number];

/** Tabs of the inspector. */
export type InspectorTab =
  | 'overview'
  | 'transcript'
  | 'changes'
  | 'checks'
  | 'messages'
  | 'route'
  | 'history'
  | 'terminal';

/** What is selected: nodes and edges of the graph, by the ids the graph gives them (`task:ID`, `agent:ID`, `link:A>B`, `talk:A~B`). */
export type Selection = readonly string[];

/** What belongs to this window alone. Survives a reload and a crash; nothing of the server's is in it. */
interface ViewState {
  readonly view: View;
  readonly goal: string | null;
  readonly selection: Selection;
  readonly tab: InspectorTab;
  readonly inspectorOpen: boolean;
  readonly theme: 'system' | 'light' | 'dark';
  readonly density: 'comfortable' | 'compact';
  /** Unsent texts by what they belong to. */
  readonly drafts: Readonly<Record<string, string>>;
  /** What is open above the view; one at a time. */
  readonly overlay: Overlay | null;
}

/** Something above the view. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'stop-all' }
  | { readonly kind: 'composer' }
  /** `at`: where on the canvas its card is to stand; null or absent: in the backlog. */
  | { readonly kind: 'new-task'; readonly at?: { readonly x: number; readonly y: number } | null }
  | { readonly kind: 'peek' }
  | { readonly kind: 'new-gate' | 'new-group'; readonly after: string | null }
  | { readonly kind: 'signal'; readonly name: string | null }
  | { readonly kind: 'hire' }
  | { readonly kind: 'assign'; readonly tasks: readonly string[] }
  | { readonly kind: 'cancel-tasks'; readonly tasks: readonly string[] }
  | { readonly kind: 'link'; readonly task: string }
  | { readonly kind: 'talk'; readonly agent: string }
  | { readonly kind: 'search' }
  | { readonly kind: 'fork'; readonly at: Boundary }
  | { readonly kind: 'compare'; readonly other: string | null };

const FIRST: ViewState = {
  view: 'graph',
  goal: null,
  selection: [],
  tab: 'overview',
  inspectorOpen: true,
  theme: 'system',
  density: 'comfortable',
  drafts: {},
  overlay: null,
};

const KEPT = 'aios.view';

/** Whether this browser has shown the page before; to be asked before this window goes anywhere. */
export const wasHere = (): boolean => localStorage.getItem(KEPT) !== null;

/** The window's own state. */
export const useView = create<ViewState>()(
  persist(() => FIRST, {
    name: KEPT,
    version: 1,
    // Overlays and selections belong to the moment.
    partialize: ({ overlay: _overlay, selection: _selection, ...kept }) => kept,
  }),
);

const set = useView.setState;

let went = false;

/** Goes to a view. */
export function goTo(view: View): void {
  went = true;
  set({ view });
}

/** Whether this window went to any view since it was opened, even to the one it showed. */
export const hasGone = (): boolean => went;

/** Shows a goal; what was selected belonged to another. */
export const showGoal = (goal: string | null) =>
  set((state) => (state.goal === goal ? {} : { goal, selection: [], tab: 'overview' }));

/** Selects, and opens the inspector when there is something to show. */
export const select = (selection: Selection, tab?: InspectorTab) =>
  set({ selection, ...(selection.length > 0 && tab !== undefined ? { tab, inspectorOpen: true } : {}) });

/** Opens a tab of the inspector. */
export const openTab = (tab: InspectorTab) => set({ tab, inspectorOpen: true });

/** Opens or closes the inspector. */
export const toggleInspector = () => set((state) => ({ inspectorOpen: !state.inspectorOpen }));

/** Opens something above the view, or closes it. */
export const setOverlay = (overlay: Overlay | null) => set({ overlay });

/** Chooses a theme. */
export const setTheme = (theme: ViewState['theme']) => set({ theme });

/** Chooses a density. */
export const setDensity = (density: ViewState['density']) => set({ density });

/** Keeps an unsent text; empty forgets it. */
export const keepDraft = (key: string, text: string) =>
  set(({ drafts: { [key]: _before, ...others } }) => ({ drafts: text === '' ? others : { ...others, [key]: text } }));

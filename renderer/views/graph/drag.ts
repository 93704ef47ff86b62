import { create } from 'zustand';
import type { AssignmentPreview } from '#protocol/contract/plan.ts';
import { type Answered, ask } from '../../store/send.ts';
import { goalNow } from '../../store/shown.ts';

/** What is being dragged over the graph: tasks onto an agent, or a role onto the canvas. */
export type Load =
  | { readonly kind: 'tasks'; readonly tasks: readonly string[] }
  | { readonly kind: 'role'; readonly role: string };

/** What giving each of several tasks to one agent would mean, in their order. */
export type Previews = readonly Answered<AssignmentPreview>[];

interface DragState {
  readonly load: Load | null;
  /** Where the pointer is, in the window. */
  readonly x: number;
  readonly y: number;
  /** The agent under it. */
  readonly over: string | null;
  readonly previews: Previews | null;
}

const IDLE: DragState = { load: null, x: 0, y: 0, over: null, previews: null };

/** The drag that goes on now. */
export const useDrag = create<DragState>(() => IDLE);

/** The agent's card under a point of the window. */
export function agentAt(x: number, y: number): string | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const card = element.closest<HTMLElement>('[data-agent]');
    if (card) return card.dataset['agent'] ?? null;
  }
  return null;
}

/** What would happen if the tasks were given to the agent. Asked once for each agent of a drag. */
export function previewsOf(tasks: readonly string[], agent: string): Promise<Previews> {
  const goal = goalNow()?.id ?? '';
  return Promise.all(tasks.map((task) => ask((client) => client.plan.preview({ goal, task, agent }))));
}

/** Moves the drag to a point; over another agent its preview is asked for. */
export function moveDrag(load: Load, x: number, y: number): void {
  const over = load.kind === 'tasks' ? agentAt(x, y) : null;
  const { over: before } = useDrag.getState();
  useDrag.setState({ load, x, y, over, ...(over === before ? {} : { previews: null }) });
  if (over === null || over === before || load.kind !== 'tasks') return;
  void previewsOf(load.tasks, over).then((previews) => {
    if (useDrag.getState().over === over) useDrag.setState({ previews });
  });
}

/** Ends the drag; resolves what it was over. Nothing is sent by this. */
export function endDrag(): DragState {
  const state = useDrag.getState();
  useDrag.setState(IDLE);
  return state;
}

const STARTS_AFTER_PX = 4;

/**
 * Lets an element be dragged by mouse, pen or finger: call it on pointer down. `onDrop` gets where it ended; Escape and a
 * lost pointer cancel without it.
 */
export function startDrag(event: React.PointerEvent, load: Load, onDrop: (end: DragState) => void): void {
  if (event.button !== 0) return;
  const from = { x: event.clientX, y: event.clientY };
  let moving = false;
  const stop = new AbortController();
  const { signal } = stop;
  const cancel = () => {
    stop.abort();
    endDrag();
  };
  const onMove = (move: PointerEvent) => {
    moving ||= Math.hypot(move.clientX - from.x, move.clientY - from.y) > STARTS_AFTER_PX;
    if (!moving) return;
    move.preventDefault();
    moveDrag(load, move.clientX, move.clientY);
  };
  const onUp = () => {
    stop.abort();
    const end = endDrag();
    if (moving) onDrop(end);
  };
  const onKey = (key: KeyboardEvent) => {
    if (key.key !== 'Escape') return;
    key.preventDefault();
    key.stopPropagation();
    cancel();
  };
  window.addEventListener('pointermove', onMove, { signal });
  window.addEventListener('pointerup', onUp, { signal });
  window.addEventListener('pointercancel', cancel, { signal });
  window.addEventListener('blur', cancel, { signal });
  window.addEventListener('keydown', onKey, { signal, capture: true });
}

import { Tooltip } from '@base-ui/react/tooltip';
import { useEffect, useRef, useState } from 'react';

/** What the pointer rests on for so long is explained. */
const REST_MS = 500;
/** Whoever went from one to the next does not wait again. */
const NEXT_MS = 400;
/** The way from a button to what explains it. */
const LEAVE_MS = 120;

interface Tip {
  readonly of: Element;
  readonly name: string;
  readonly hint: string | undefined;
}

function tipOf(target: EventTarget | null): Tip | null {
  const of = target instanceof Element ? target.closest<HTMLElement>('[data-tip]') : null;
  return of ? { of, name: of.dataset['tip'] ?? '', hint: of.dataset['tipHint'] } : null;
}

/** Follows the pointer and the keyboard's focus; `show` is told what is explained now, null for nothing. Returns how to stop. */
function watchTips(show: (tip: Tip | null) => void): () => void {
  let shown: Tip | null = null;
  let coming: Tip | null = null;
  let leftAt = Number.NEGATIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const set = (tip: Tip | null) => {
    clearTimeout(timer);
    coming = null;
    if (tip?.of === shown?.of) return;
    if (shown) leftAt = performance.now();
    shown = tip;
    show(tip);
  };
  const to = (tip: Tip | null, ms: number) => {
    clearTimeout(timer);
    coming = tip;
    timer = setTimeout(() => set(tip), ms);
  };
  const over = (event: PointerEvent) => {
    if (event.pointerType === 'touch') return;
    const tip = tipOf(event.target);
    if (tip && tip.of === shown?.of) return to(shown, 0);
    // What explains may be read, and marked, with the pointer on it.
    if (event.target instanceof Element && event.target.closest('.tip')) return clearTimeout(timer);
    if (!tip) return shown ? to(null, LEAVE_MS) : set(null);
    if (tip.of === coming?.of) return;
    to(tip, shown || performance.now() - leftAt < NEXT_MS ? 0 : REST_MS);
  };
  const focused = ({ target }: FocusEvent) => {
    if (target instanceof Element && target.matches(':focus-visible')) set(tipOf(target));
  };
  const away = () => set(null);
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') set(null);
  };
  // What was under the pointer, or had the focus, before this was there.
  const first =
    tipOf(document.querySelector('[data-tip]:hover')) ?? tipOf(document.querySelector('[data-tip]:focus-visible'));
  if (first) to(first, REST_MS);
  const options = { capture: true, passive: true };
  document.addEventListener('pointerover', over, options);
  document.addEventListener('focusin', focused, options);
  document.addEventListener('focusout', away, options);
  document.addEventListener('pointerdown', away, options);
  document.documentElement.addEventListener('pointerleave', away);
  document.addEventListener('keydown', key, options);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('pointerover', over, options);
    document.removeEventListener('focusin', focused, options);
    document.removeEventListener('focusout', away, options);
    document.removeEventListener('pointerdown', away, options);
    document.documentElement.removeEventListener('pointerleave', away);
    document.removeEventListener('keydown', key, options);
  };
}

/**
 * What explains any element with `data-tip`: one for the whole page, where one for each button would be most of what a view
 * is made of. It comes with the pointer or the keyboard's focus, stays while the pointer is on it, and goes with Escape.
 */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  const last = useRef<Tip | null>(null);
  if (tip) last.current = tip;
  useEffect(() => watchTips(setTip), []);
  return (
    <Tooltip.Root open={tip !== null}>
      <Tooltip.Portal>
        <Tooltip.Positioner sideOffset={4} className="popup-place" anchor={last.current?.of ?? null}>
          <Tooltip.Popup className="popup tip">
            {last.current?.name} {last.current?.hint !== undefined && <kbd>{last.current.hint}</kbd>}
          </Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Distance of the dots on the canvas at its own size, pixels. */
const GAP = 24;
/** Nearer together on the screen they would be a haze: then only every second one is shown. */
const NEAREST = 14;

/** Where the dots of a canvas lie on the screen, pixels: how far apart, and how far the first is from the corner. */
export function gridOf([x, y, zoom]: readonly [number, number, number]): { gap: number; left: number; top: number } {
  let gap = GAP * zoom;
  while (gap < NEAREST) gap *= 2;
  const within = (at: number) => ((at % gap) + gap) % gap;
  return { gap, left: within(x), top: within(y) };
}

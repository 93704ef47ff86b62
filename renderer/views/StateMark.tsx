import type { Standing } from '#protocol/model/goal/describe.ts';

const SHAPES: Readonly<Record<Standing, string>> = {
  running: '●',
  waiting: '◌',
  'needs-you': '▲',
  failed: '✕',
  done: '✓',
  idle: '–',
};

/** A state's shape in its colour, named for those who see neither. */
export function StateMark({ standing }: { readonly standing: Standing }) {
  return (
    <span className={`mark ${standing}`} role="img" aria-label={standing.replace('-', ' ')}>
      {SHAPES[standing]}
    </span>
  );
}

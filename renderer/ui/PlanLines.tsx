import { plain } from '../text/plain.ts';
import './plan-lines.css';

/** Lines that say what would change: one a change, marked `+`, `-` or `~`. */
export function PlanLines({ lines }: { readonly lines: readonly string[] }) {
  return (
    <>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are shown as they came and never move
        <span key={index} className="plan-line" data-sign={line.slice(0, 1)}>
          {plain(line, Number.POSITIVE_INFINITY)}
          {'\n'}
        </span>
      ))}
    </>
  );
}

// biome-ignore-all lint/a11y/useSemanticElements: a table lays out all its rows; only the rows in view exist here
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid is one stop for the keyboard and names its active row
import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { MessageSquarePlus, Undo2 } from 'lucide-react';
import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useId,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react';
import { t } from '../i18n/index.ts';
import { type DiffLine, type DiffRow, diffRows, parseDiff, placeOf } from '../text/diff.ts';
import { plain } from '../text/plain.ts';
import { Button } from './Button.tsx';
import './diff.css';

/** A line's place as a key: `new:12`. */
export type PlaceKey = `${'old' | 'new'}:${number}`;

/** What keys and toolbars do to the diff that is shown. */
export interface DiffHandle {
  /** Goes to the next (1) or previous (-1) hunk. */
  toHunk(step: 1 | -1): void;
  /** Opens a comment at the line one is on. */
  comment(): void;
  /** Asks to reject the hunk one is in. */
  reject(): void;
}

type Shown = DiffRow | { readonly row: 'below'; readonly place: PlaceKey };

const ROW_HEIGHT = 20;
/** Longest part of a line that is laid out, characters. */
const LINE_LENGTH = 2_000;
const SIGNS: Readonly<Record<DiffLine['kind'], string>> = { context: ' ', added: '+', removed: '-', note: '\\' };

function keyOf(line: DiffLine): PlaceKey | null {
  const place = placeOf(line);
  return place ? `${place.side}:${place.line}` : null;
}

function Text({ line }: { readonly line: DiffLine }) {
  const cut = line.text.length - LINE_LENGTH;
  return (
    <span role="gridcell" className="diff-text">
      <bdi>{plain(line.text, LINE_LENGTH)}</bdi>
      {cut > 0 && <small> {t('inspector:diff.lineCut', { count: cut })}</small>}
    </span>
  );
}

/**
 * A unified diff of one file. Only what is in view is laid out. Arrows move from line to line, `[` and `]` from hunk to
 * hunk; `C` comments on a line, `X` rejects a hunk, where these are offered.
 */
export function DiffView({
  diff,
  label,
  marked,
  below,
  onComment,
  onReject,
  ref,
}: {
  readonly diff: string;
  readonly label: string;
  /** Lines with something below them. */
  readonly marked: ReadonlySet<PlaceKey>;
  readonly below: (place: PlaceKey) => ReactNode;
  readonly onComment?: ((line: DiffLine) => void) | undefined;
  readonly onReject?: ((header: string) => void) | undefined;
  readonly ref?: Ref<DiffHandle>;
}) {
  const rows = useMemo(() => diffRows(parseDiff(diff)), [diff]);
  const shown = useMemo<readonly Shown[]>(
    () =>
      marked.size === 0
        ? rows
        : rows.flatMap((row): Shown[] => {
            const place = row.row === 'line' ? keyOf(row.line) : null;
            return place !== null && marked.has(place) ? [row, { row: 'below', place }] : [row];
          }),
    [rows, marked],
  );
  const [cursor, setCursor] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (shown[index]?.row === 'below' ? 96 : ROW_HEIGHT),
    overscan: 20,
  });
  const go = (to: number) => {
    const next = Math.min(Math.max(to, 0), shown.length - 1);
    setCursor(next);
    virtual.scrollToIndex(next, { align: 'auto' });
  };
  const at = shown[Math.min(cursor, shown.length - 1)];
  const handle: DiffHandle = {
    toHunk(step) {
      const hunks = shown.flatMap((row, index) => (row.row === 'hunk' ? [index] : []));
      const next = step > 0 ? hunks.find((index) => index > cursor) : hunks.findLast((index) => index < cursor);
      if (next === undefined) return;
      setCursor(next);
      virtual.scrollToIndex(next, { align: 'start' });
    },
    comment() {
      const line = at?.row === 'line' ? at.line : shown.slice(cursor).find((row) => row.row === 'line')?.line;
      if (line && placeOf(line)) onComment?.(line);
    },
    reject() {
      const hunk = at && 'hunk' in at ? at.hunk : undefined;
      const row = shown.find((each) => each.row === 'hunk' && each.hunk === hunk);
      if (row?.row === 'hunk') onReject?.(row.header);
    },
  };
  useImperativeHandle(ref, () => handle);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW_HEIGHT) - 2);
    const does: Record<string, () => void> = {
      ArrowDown: () => go(cursor + 1),
      ArrowUp: () => go(cursor - 1),
      PageDown: () => go(cursor + page),
      PageUp: () => go(cursor - page),
      Home: () => go(0),
      End: () => go(shown.length - 1),
      ']': () => handle.toHunk(1),
      '[': () => handle.toHunk(-1),
      c: () => handle.comment(),
      x: () => handle.reject(),
    };
    const act = does[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <div
      ref={scroller}
      className="diff"
      role="grid"
      aria-label={label}
      aria-rowcount={shown.length}
      aria-activedescendant={`${id}-${cursor}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {virtual.getVirtualItems().map(({ index, start }) => {
          const row = shown[index];
          if (!row) return null;
          const place = {
            'data-index': index,
            style: { transform: `translateY(${start}px)` },
            'aria-rowindex': index + 1,
          };
          return row.row === 'below' ? (
            <div
              key={`below ${row.place}`}
              ref={virtual.measureElement}
              role="row"
              className="diff-row diff-below"
              tabIndex={-1}
              {...place}
            >
              <div role="gridcell">{below(row.place)}</div>
            </div>
          ) : (
            // The grid has the keys; a click moves the same cursor.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            <div
              key={index}
              id={`${id}-${index}`}
              ref={virtual.measureElement}
              role="row"
              tabIndex={-1}
              className={clsx('diff-row', row.row === 'hunk' ? 'hunk' : row.line.kind)}
              aria-selected={index === cursor}
              onClick={() => setCursor(index)}
              {...place}
            >
              {row.row === 'hunk' ? (
                <span role="gridcell" className="diff-hunk">
                  <span className="grow line-of-text">
                    <bdi>{plain(row.header, 300)}</bdi>
                  </span>
                  {onReject && (
                    <Button look="bare" icon={Undo2} tabIndex={-1} onClick={() => onReject(row.header)}>
                      {t('inspector:diff.reject')}
                    </Button>
                  )}
                </span>
              ) : (
                <LineRow line={row.line} onComment={onComment} />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function LineRow({
  line,
  onComment,
}: {
  readonly line: DiffLine;
  readonly onComment: ((line: DiffLine) => void) | undefined;
}) {
  const number = line.new ?? line.old;
  return (
    <>
      <span role="gridcell" className="diff-number">
        {line.old}
      </span>
      <span role="gridcell" className="diff-number">
        {line.new}
      </span>
      <span role="gridcell" className="diff-sign">
        {SIGNS[line.kind]}
      </span>
      <Text line={line} />
      {onComment && number !== null && (
        <span role="gridcell" className="diff-act">
          <button
            type="button"
            tabIndex={-1}
            className="diff-add"
            aria-label={t('inspector:diff.commentOn', { line: number })}
            title={t('inspector:diff.commentOn', { line: number })}
            onClick={() => onComment(line)}
          >
            <MessageSquarePlus size={14} aria-hidden />
          </button>
        </span>
      )}
    </>
  );
}

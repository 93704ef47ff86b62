import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine, ChevronDown, ChevronUp, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { clockTime } from '../../../text/time.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { copyText } from '../../../ui/copy.ts';
import { Select } from '../../../ui/Select.tsx';
import { Empty, FaultBox, Skeleton } from '../../../ui/States.tsx';
import { showChange, useInspected } from '../state.ts';
import { attemptsOf, type Subject } from '../subject.ts';
import { type Folded, fold, found, textsOf, UNFOLDED } from './fold.ts';
import { useTranscript } from './lines.ts';
import { Row } from './Row.tsx';

const ROW_HEIGHT = 30;
/** How near to the end counts as being there, pixels. */
const AT_END = 48;
/** Longest copy of a whole transcript, characters. */
const COPIED = 2_000_000;

/** Folds only what is new when lines are added. */
function useFolded(run: string, lines: ReturnType<typeof useTranscript>['lines']): Folded {
  const kept = useRef<{ run: string; folded: Folded }>({ run, folded: UNFOLDED });
  const folded = fold(kept.current.run === run ? kept.current.folded : UNFOLDED, lines);
  kept.current = { run, folded };
  return folded;
}

/** Searching: which rows match, and which of them is looked at. */
function useSearch(rows: Folded['rows'], onShow: (row: number) => void) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const matches = found(rows, text);
  const step = (by: number) => {
    if (matches.length === 0) return;
    const next = (at + by + matches.length) % matches.length;
    setAt(next);
    const row = matches[next];
    if (row !== undefined) onShow(row);
  };
  const type = (typed: string) => {
    setText(typed);
    setAt(0);
    const [first] = found(rows, typed);
    if (first !== undefined) onShow(first);
  };
  return { text, type, step, matches, current: matches[Math.min(at, matches.length - 1)] ?? null, at };
}

function Scroll({
  run,
  workspace,
  onShowChange,
}: {
  readonly run: string;
  readonly workspace: string | null;
  readonly onShowChange: (file: string) => void;
}) {
  const { lines, ended, fault, again } = useTranscript(run);
  const { rows } = useFolded(run, lines);
  const scroller = useRef<HTMLDivElement>(null);
  const [stuck, setStuck] = useState(true);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 12,
  });
  const search = useSearch(rows, (row) => {
    setStuck(false);
    virtual.scrollToIndex(row, { align: 'center' });
  });
  const toggle = (key: number) => {
    const next = new Set(open);
    if (!next.delete(key)) next.add(key);
    setOpen(next);
  };
  const total = virtual.getTotalSize();
  // Follows what is added, and what grows as it is measured, unless one has scrolled away.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `total` and the length are why, not what
  useEffect(() => {
    if (stuck && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [stuck, total, rows.length]);
  const copyAll = () =>
    copyText(
      rows
        .map((row) => `[${clockTime(row.at)}] ${textsOf(row).filter(Boolean).join('\n')}`)
        .join('\n\n')
        .slice(0, COPIED),
    );
  return (
    <>
      <div className="row inspect-tools">
        <input
          id="inspect-search"
          className="input"
          type="search"
          aria-label={t('inspector:search')}
          placeholder={t('inspector:search')}
          value={search.text}
          onChange={(event) => search.type(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') search.step(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') {
              event.stopPropagation();
              search.type('');
              event.currentTarget.blur();
            }
          }}
        />
        {search.text !== '' && (
          <>
            <small className="figures" role="status">
              {search.matches.length === 0 ? '0' : `${search.at + 1}/${search.matches.length}`}
            </small>
            <IconButton icon={ChevronUp} name={t('inspector:previousMatch')} onClick={() => search.step(-1)} />
            <IconButton icon={ChevronDown} name={t('inspector:nextMatch')} onClick={() => search.step(1)} />
          </>
        )}
        <IconButton icon={Copy} name={t('inspector:copyTranscript')} onClick={copyAll} />
      </div>
      {fault && (
        <FaultBox fault={fault}>
          <Button onClick={again}>{t('broken.again')}</Button>
        </FaultBox>
      )}
      {rows.length === 0 && !fault && (ended ? <Empty title={t('inspector:nothingSaid')} /> : <Skeleton lines={6} />)}
      <div
        ref={scroller}
        className="script"
        role="log"
        aria-live="off"
        aria-label={t('inspector:tabs.transcript')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it
        tabIndex={0}
        onScroll={({ currentTarget: it }) => setStuck(it.scrollHeight - it.scrollTop - it.clientHeight < AT_END)}
      >
        <div style={{ height: total, position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <div
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="script-row"
                data-found={index === search.current}
                style={{ transform: `translateY(${start}px)` }}
              >
                <Row
                  row={row}
                  open={open.has(row.key)}
                  onToggle={() => toggle(row.key)}
                  workspace={workspace}
                  onShowChange={onShowChange}
                />
              </div>
            );
          })}
        </div>
      </div>
      {!stuck && rows.length > 0 && (
        <Button className="script-end" icon={ArrowDownToLine} onClick={() => setStuck(true)}>
          {t('inspector:toEnd')}
        </Button>
      )}
    </>
  );
}

/** What an agent said and did, live. */
export function Transcript({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const chosen = useInspected((state) => state.run);
  const attempt = useInspected((state) => state.attempt);
  const attempts = attemptsOf(goal, subject);
  const runs = attempts.flatMap((each) => each.runs.flatMap((id) => goal.runs[id] ?? []));
  const ofAttempt = runs.filter((run) => run.attempt === attempt && run.startedAt !== null);
  const run =
    runs.find(({ id }) => id === chosen) ?? ofAttempt.at(-1) ?? runs.findLast(({ startedAt }) => startedAt !== null);
  if (!run) return <Empty title={t('inspector:noRuns')}>{t('inspector:noRunsWhy')}</Empty>;
  const workspace = goal.attempts[run.attempt]?.workspace ?? null;
  return (
    <div className="inspect-fill">
      {runs.length > 1 && (
        <Select
          label={t('inspector:run')}
          value={run.id}
          options={runs.map((each, index) => ({
            key: each.id,
            name: t('inspector:runName', {
              number: index + 1,
              why: t(`inspector:reason.${each.reason}`),
              how: t(`inspector:outcome.${each.outcome ?? each.status}` as 'inspector:outcome.running'),
            }),
          }))}
          onChoose={(id) => useInspected.setState({ run: id })}
        />
      )}
      <Scroll key={run.id} run={run.id} workspace={workspace} onShowChange={(file) => showChange(run.attempt, file)} />
    </div>
  );
}

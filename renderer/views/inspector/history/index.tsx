import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { plainLine } from '../../../text/plain.ts';
import { clockTime, fullTime } from '../../../text/time.ts';
import { Button } from '../../../ui/Button.tsx';
import { Empty, FaultBox, Skeleton } from '../../../ui/States.tsx';
import { Line, Prose } from '../../../ui/Words.tsx';
import { idsOf, type Subject } from '../subject.ts';
import { actorOf, concerning, concerningBoth, detailOf } from './concerns.ts';
import { useHistory } from './events.ts';

const ROW_HEIGHT = 44;
/** Longest raw event that is shown, characters. */
const RAW = 10_000;

/** An event's name in words: `run.interrupt-ordered` reads as `run interrupt ordered`. */
const typeWords = (type: string) => type.replace(/[.-]/g, ' ');

function aboutOf(goal: Goal, subject: Subject, events: readonly NumberedEvent[]): readonly NumberedEvent[] {
  if (subject.kind === 'talk') return concerningBoth(events, [subject.one, subject.other]);
  if (subject.kind === 'link') return concerningBoth(events, [subject.task, subject.on]);
  return concerning(events, idsOf(goal, subject));
}

interface Told {
  readonly event: NumberedEvent;
  readonly what: string;
  readonly who: string;
  readonly why: string;
}

function EventRow({
  told,
  open,
  onToggle,
}: {
  readonly told: Told;
  readonly open: boolean;
  readonly onToggle: () => void;
}) {
  const { event, what, who, why } = told;
  return (
    <>
      <button type="button" className="history-row" aria-expanded={open} onClick={onToggle}>
        <span className="row">
          <strong className="line-of-text">{what}</strong>
          <span className="quiet line-of-text">
            <Line text={who} most={60} />
          </span>
          <span className="grow" />
          <time className="figures quiet" title={fullTime(event.at)}>
            {clockTime(event.at)}
          </time>
        </span>
        <small className="line-of-text">{why === '' ? ' ' : <Line text={why} />}</small>
      </button>
      {open && (
        <div className="history-open">
          {why !== '' && <Prose text={why} />}
          <pre>
            <Prose text={`#${event.sequence} ${event.stream}\n${JSON.stringify(event.data, null, 1)}`} most={RAW} />
          </pre>
        </div>
      )}
    </>
  );
}

/** Every event about what is selected: what, who, why; newest first. */
export function History({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const { events, complete, fault, again } = useHistory(goal.id);
  const [filter, setFilter] = useState('');
  const [open, setOpen] = useState<number | null>(null);
  const scroller = useRef<HTMLElement>(null);
  const told = useMemo(
    () =>
      aboutOf(goal, subject, events)
        .map((event): Told => {
          const actor = actorOf(event, (attempt) => goal.attempts[attempt]?.agent);
          const who = actor === 'system' ? t('inspector:aios') : actorName(goal, actor);
          return { event, what: typeWords(event.type), who, why: plainLine(detailOf(event), 2_000) };
        })
        .reverse(),
    [goal, subject, events],
  );
  const needle = filter.trim().toLowerCase();
  const rows = useMemo(
    () =>
      needle === ''
        ? told
        : told.filter(({ what, who, why }) => `${what}\n${who}\n${why}`.toLowerCase().includes(needle)),
    [told, needle],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.event.sequence ?? index,
    overscan: 10,
  });
  if (fault && events.length === 0)
    return (
      <FaultBox fault={fault}>
        <Button onClick={again}>{t('broken.again')}</Button>
      </FaultBox>
    );
  if (!complete && events.length === 0) return <Skeleton lines={8} />;
  return (
    <div className="inspect-fill">
      <div className="row inspect-tools">
        <input
          className="input"
          type="search"
          aria-label={t('inspector:filterEvents')}
          placeholder={t('inspector:filterEvents')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <small className="figures">{t('inspector:events', { count: rows.length })}</small>
      </div>
      {rows.length === 0 && <Empty title={t('inspector:noEvents')} />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section ref={scroller} className="scroll grow" aria-label={t('inspector:tabs.history')} tabIndex={0}>
        <ol className="bare" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {virtual.getVirtualItems().map(({ index, key, start }) => {
            const row = rows[index];
            if (!row) return null;
            const { sequence } = row.event;
            return (
              <li
                key={key}
                ref={virtual.measureElement}
                data-index={index}
                className="change-place"
                style={{ transform: `translateY(${start}px)` }}
              >
                <EventRow
                  told={row}
                  open={open === sequence}
                  onToggle={() => setOpen(open === sequence ? null : sequence)}
                />
              </li>
            );
          })}
        </ol>
      </section>
    </div>
  );
}

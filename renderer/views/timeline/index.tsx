import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { select } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { clockTime, span } from '../../text/time.ts';
import { IconButton } from '../../ui/Button.tsx';
import { Empty } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { type Bar, extentOf, type Lane, lanesOf, type Mark, ticksOf } from './lanes.ts';
import './timeline.css';

const REFRESH_MS = 1_000;
const MOST_ZOOM = 64;

/** The time now, kept current while something runs. */
function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

interface Scale {
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

const share = (scale: Scale, at: number) => `${((at - scale.from) / (scale.to - scale.from)) * 100}%`;

function RunBar({ goal, bar, scale }: { readonly goal: Goal; readonly bar: Bar; readonly scale: Scale }) {
  const title = useWorld((world) => world.texts[goal.tasks[bar.task]?.title.id ?? ''] ?? '') ?? '';
  const to = bar.to ?? scale.now;
  const outcome = bar.run.outcome === null ? t('runs:going') : t(`runs:outcomes.${bar.run.outcome}`);
  const name = t('timeline:bar', {
    agent: goal.agents[bar.run.agent]?.name ?? '',
    task: plainLine(title, 120),
    outcome,
    took: span(to - bar.from),
  });
  return (
    <button
      type="button"
      className="timeline-bar"
      data-outcome={bar.run.outcome ?? 'running'}
      title={name}
      aria-label={name}
      style={{ left: share(scale, bar.from), width: `max(4px, ${((to - bar.from) / (scale.to - scale.from)) * 100}%)` }}
      onClick={() => select([`task:${bar.task}`], 'transcript')}
    >
      <Line text={title} most={80} />
    </button>
  );
}

function MarkDot({
  goal,
  lane,
  mark,
  scale,
}: {
  readonly goal: Goal;
  readonly lane: Lane;
  readonly mark: Mark;
  readonly scale: Scale;
}) {
  const from = goal.agents[lane.agent]?.name ?? lane.agent;
  const name =
    mark.kind === 'message'
      ? t('timeline:message', { from, to: goal.agents[mark.detail]?.name ?? mark.detail })
      : t('timeline:item', { kind: mark.detail });
  const chosen = mark.kind === 'message' ? `talk:${lane.agent}~${mark.detail}` : `agent:${lane.agent}`;
  return (
    <button
      type="button"
      className="timeline-mark"
      data-kind={mark.kind}
      title={`${name}, ${clockTime(mark.at)}`}
      aria-label={`${name}, ${clockTime(mark.at)}`}
      style={{ left: share(scale, mark.at) }}
      onClick={() => select([chosen], 'messages')}
    >
      {mark.kind === 'message' ? '◆' : '⚑'}
    </button>
  );
}

/** One lane an agent: bars for runs, marks for messages and for what was asked. */
export default function TimelineView() {
  const goal = useGoal();
  const conversations = useWorld((world) => world.conversations) ?? {};
  const now = useNow();
  const [zoom, setZoom] = useState(1);
  const lanes = goal ? lanesOf(goal, conversations) : [];
  const extent = extentOf(lanes, now);
  if (!goal || !extent) return <Empty title={t('timeline:none')}>{t('timeline:noneWhy')}</Empty>;
  const scale = { ...extent, now };
  return (
    <div className="timeline">
      <div className="row timeline-tools">
        <IconButton icon={ZoomIn} name={t('timeline:zoomIn')} onClick={() => setZoom(Math.min(zoom * 2, MOST_ZOOM))} />
        <IconButton icon={ZoomOut} name={t('timeline:zoomOut')} onClick={() => setZoom(Math.max(zoom / 2, 1))} />
        <IconButton icon={Maximize} name={t('timeline:fit')} onClick={() => setZoom(1)} />
      </div>
      <div className="timeline-body">
        <ul className="bare timeline-names">
          {lanes.map((lane) => (
            <li key={lane.agent}>
              <button type="button" className="as-link" onClick={() => select([`agent:${lane.agent}`], 'overview')}>
                <Line text={goal.agents[lane.agent]?.name ?? lane.agent} most={40} />
              </button>
            </li>
          ))}
        </ul>
        <section className="timeline-scroll" aria-label={t('timeline:lanes')}>
          <div className="timeline-lanes" style={{ width: `${zoom * 100}%` }}>
            <div className="timeline-axis" aria-hidden>
              {ticksOf(scale.from, scale.to, 5 * zoom).map((at) => (
                <span key={at} className="figures" style={{ left: share(scale, at) }}>
                  {clockTime(at)}
                </span>
              ))}
            </div>
            {lanes.map((lane) => (
              <div key={lane.agent} className="timeline-lane">
                {lane.bars.map((bar) => (
                  <RunBar key={bar.run.id} goal={goal} bar={bar} scale={scale} />
                ))}
                {lane.marks.map((mark) => (
                  <MarkDot key={mark.id} goal={goal} lane={lane} mark={mark} scale={scale} />
                ))}
              </div>
            ))}
          </div>
        </section>
      </div>
    </div>
  );
}

import { GitFork, Pause, Play, Radio, SkipBack, SkipForward } from 'lucide-react';
import { keyLabel } from '../../commands/keys.ts';
import { t } from '../../i18n/index.ts';
import { useGoal, useGoalId } from '../../store/shown.ts';
import { useIsPast } from '../../store/world-store.ts';
import { clockTime, fullTime } from '../../text/time.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { forkHere } from '../fork/commands.ts';
import { nearest, sayBoundary } from '../fork/where.ts';
import { goLive, nextSpeed, showCount, step, togglePlay, useReplay } from './replay-store.ts';
import './commands.ts';
import './replay-bar.css';

/** Forks the shown moment: at the newest boundary before it, which the button names. */
function ForkHere() {
  const goal = useGoal();
  const placed = goal && nearest(goal);
  if (!placed) return null;
  return (
    <Button icon={GitFork} title={sayBoundary(goal, placed, 'hereAt')} onClick={forkHere}>
      {t('fork:here')}
    </Button>
  );
}

/** The line of time below everything: scrub to any moment, play it, come back to live. */
export function ReplayBar() {
  const goal = useGoalId();
  const past = useIsPast();
  const { replay, count, playing, speed, loading, problem } = useReplay();
  if (goal === null) return null;
  const last = replay?.events.length ?? 0;
  const at = replay?.events[Math.max(count - 1, 0)]?.at;
  const shown = past && at !== undefined ? clockTime(at) : t('runs:live');
  return (
    <section className="replay-bar" aria-label={t('runs:bar')}>
      <IconButton icon={SkipBack} name={t('runs:back')} hint={keyLabel(',')} onClick={() => void step(-1)} />
      <IconButton
        icon={playing ? Pause : Play}
        name={playing ? t('runs:stopPlaying') : t('runs:play')}
        onClick={() => void togglePlay()}
      />
      <IconButton
        icon={SkipForward}
        name={t('runs:forward')}
        hint={keyLabel('.')}
        disabled={!past}
        onClick={() => void step(1)}
      />
      <Button look="bare" className="figures" aria-label={t('runs:speed', { speed: `${speed}×` })} onClick={nextSpeed}>
        {speed}×
      </Button>
      <input
        type="range"
        className="grow"
        aria-label={t('runs:time')}
        aria-valuetext={shown}
        min={0}
        // Before the history is read there is one place to be: now.
        max={Math.max(last, 1)}
        value={past ? count : Math.max(last, 1)}
        onPointerDown={() => void showCount(count === 0 && !replay ? Number.MAX_SAFE_INTEGER : count)}
        onChange={(event) => {
          if (replay) void showCount(Number(event.target.value));
          else void step(0);
        }}
      />
      {loading && <small role="status">{t('runs:loading')}</small>}
      {problem !== null && <small role="alert">{t('runs:failed', { why: problem })}</small>}
      {past && at !== undefined && (
        <time className="figures replay-time" title={fullTime(at)}>
          {shown}
        </time>
      )}
      {past && <ForkHere />}
      <Button icon={Radio} disabled={!past} onClick={goLive}>
        {t('runs:live')}
      </Button>
    </section>
  );
}

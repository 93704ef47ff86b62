import { useEffect, useRef, useState } from 'react';
import { describeGoal, describeTask, textsIn } from '#protocol/model/goal/describe.ts';
import type { World } from '#protocol/model/world.ts';
import { t } from '../i18n/index.ts';
import { goalName, shownGoalIn } from '../store/shown.ts';
import { useView } from '../store/view-store.ts';
import { onWorldChange } from '../store/world-store.ts';
import { plainLine } from '../text/plain.ts';

/** State of everything a screen reader hears of: changes of standing, never each event. */
function standings(world: World, chosen: string | null): Map<string, { name: string; state: string }> {
  const goal = shownGoalIn(world, chosen);
  const found = new Map<string, { name: string; state: string }>();
  if (!goal) return found;
  const textOf = textsIn(world.texts);
  found.set(goal.id, { name: plainLine(goalName(textOf(goal.text)), 80), state: describeGoal(goal).standing });
  for (const task of Object.values(goal.tasks))
    found.set(task.id, { name: plainLine(textOf(task.title), 80), state: describeTask(goal, task, textOf).standing });
  return found;
}

const EVERY_MS = 1_000;

/** Says changes of state aloud, at most once a second. */
export function Announcer() {
  const [said, setSaid] = useState('');
  const before = useRef<ReturnType<typeof standings> | null>(null);
  useEffect(() => {
    let latest: World | null = null;
    const stop = onWorldChange((live) => {
      latest = live;
    });
    const timer = setInterval(() => {
      if (!latest) return;
      const now = standings(latest, useView.getState().goal);
      latest = null;
      const changed = [...now].flatMap(([id, { name, state }]) =>
        before.current?.has(id) && before.current.get(id)?.state !== state
          ? [t('announce', { what: name, state: t(`standing.${state as 'idle'}`) })]
          : [],
      );
      before.current = now;
      if (changed.length > 0) setSaid(changed.slice(0, 3).join('. '));
    }, EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <p className="unseen" role="status">
      {said}
    </p>
  );
}

import { useState } from 'react';
import { PLANNED } from '#protocol/model/goal/kinds.ts';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { setOverlay } from '../../store/view-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { link, titleOf } from './actions.ts';
import { circleOf } from './model.ts';

const close = () => setOverlay(null);

/** The keyboard's way to draw a dependency. Tasks that would close a circle are not offered. */
export function LinkDialog({ task }: { readonly task: string }) {
  const goal = useGoal();
  const others = Object.values(goal?.tasks ?? {}).filter(
    (each) =>
      goal &&
      each.id !== task &&
      PLANNED.has(each.kind) &&
      each.status !== 'cancelled' &&
      !goal.tasks[task]?.dependsOn.includes(each.id) &&
      circleOf(goal, task, each.id) === null,
  );
  const [on, setOn] = useState(() => others[0]?.id ?? '');
  if (!goal) return null;
  const add = () => {
    close();
    if (on !== '') void link(task, on);
  };
  return (
    <Dialog
      title={t('graph:linkTitle')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" disabled={on === ''} onClick={add}>
            {t('graph:linkDo')}
          </Button>
        </>
      }
    >
      <div className="field">
        <label htmlFor="graph-on">{t('graph:chooseTask')}</label>
        <select
          id="graph-on"
          className="input"
          value={on}
          onChange={(event) => setOn(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') add();
          }}
        >
          {others.map((each) => (
            <option key={each.id} value={each.id}>
              {titleOf(goal, each.id)}
            </option>
          ))}
        </select>
      </div>
    </Dialog>
  );
}

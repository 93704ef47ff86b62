import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { select, setOverlay } from '../../store/view-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { cancelTask, titleOf } from './actions.ts';

const close = () => setOverlay(null);

/** Asks before tasks are taken out of the plan: what was spent on them cannot be had back. */
export function CancelDialog({ tasks }: { readonly tasks: readonly string[] }) {
  const goal = useGoal();
  if (!goal) return null;
  const remove = () => {
    close();
    select([]);
    for (const task of tasks) void cancelTask(task);
  };
  return (
    <Dialog
      title={t('graph:cancelTitle', { task: tasks.map((task) => titleOf(goal, task)).join('”, “') })}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" autoFocus onClick={remove}>
            {t('graph:cancelDo')}
          </Button>
        </>
      }
    >
      <p>{t('graph:cancelWhy')}</p>
    </Dialog>
  );
}

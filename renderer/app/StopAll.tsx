import { t } from '../i18n/index.ts';
import { tell } from '../store/notices.ts';
import { send } from '../store/send.ts';
import { setOverlay } from '../store/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';

async function stopAll(): Promise<void> {
  setOverlay(null);
  const stopped = await send((client, command) => client.plan.stopAll({ command }));
  if (!stopped.ok) return;
  const { runs, goals } = stopped.value;
  tell(t('stopAll.done', { runs: t('stopAll.runs', { count: runs }), goals: t('stopAll.goals', { count: goals }) }));
}

/** Asks before everything is stopped: it cannot be undone, only continued. */
export function StopAll() {
  return (
    <Dialog
      title={t('stopAll.title')}
      onClose={() => setOverlay(null)}
      footer={
        <>
          <Button onClick={() => setOverlay(null)}>{t('cancel')}</Button>
          <Button look="primary" autoFocus onClick={() => void stopAll()}>
            {t('stopAll.do')}
          </Button>
        </>
      }
    >
      <p>{t('stopAll.what')}</p>
    </Dialog>
  );
}

import { Check, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { useIsPast } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { answerPlan } from './actions.ts';

/** The Lead's plan waits: approve it as it stands on the canvas, or send it back. */
export function PlanBar() {
  const goal = useGoal();
  const past = useIsPast();
  const [note, setNote] = useState<string | null>(null);
  const ghosts = Object.values(goal?.tasks ?? {}).filter((task) => task.status === 'proposed').length;
  if (!goal || ghosts === 0 || past) return null;
  const sendBack = () => {
    void answerPlan(goal, note ?? '');
    setNote(null);
  };
  return (
    <div className="graph-plan" role="status">
      <span>{t('graph:plan', { count: ghosts })}</span>
      <Button look="primary" icon={Check} onClick={() => void answerPlan(goal, null)}>
        {t('graph:approve')}
      </Button>
      <Button icon={Undo2} onClick={() => setNote('')}>
        {t('graph:sendBack')}
      </Button>
      {note !== null && (
        <Dialog
          title={t('graph:sendBackTitle')}
          onClose={() => setNote(null)}
          footer={
            <>
              <Button onClick={() => setNote(null)}>{t('cancel')}</Button>
              <Button look="primary" disabled={note.trim() === ''} onClick={sendBack}>
                {t('graph:sendBackTitle')}
              </Button>
            </>
          }
        >
          <div className="field">
            <label htmlFor="graph-note">{t('graph:sendBackNote')}</label>
            <textarea
              id="graph-note"
              className="input"
              rows={4}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </div>
        </Dialog>
      )}
    </div>
  );
}

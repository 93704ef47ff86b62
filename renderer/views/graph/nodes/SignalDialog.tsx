import { useState } from 'react';
import { t } from '../../../i18n/index.ts';
import { useGoal } from '../../../store/shown.ts';
import { setOverlay } from '../../../store/view-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { signal } from './actions.ts';
import { awaitedSignals } from './signals.ts';

const close = () => setOverlay(null);

/** Tells a gate that waits for something outside what happened. */
export function SignalDialog({ name: wanted }: { readonly name: string | null }) {
  const goal = useGoal();
  const names = goal ? awaitedSignals(goal) : [];
  const [chosen, setName] = useState(wanted ?? names[0] ?? '');
  const [passed, setPassed] = useState(true);
  const [note, setNote] = useState('');
  if (!goal) return null;
  const name = names.includes(chosen) ? chosen : (names[0] ?? '');
  const give = async () => {
    if (await signal(goal.id, name, passed, note)) close();
  };
  return (
    <Dialog
      title={t('plan:signalTitle')}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{t('cancel')}</Button>
          <Button look="primary" type="submit" form="graph-signal" disabled={name === ''}>
            {t('plan:signalDo')}
          </Button>
        </>
      }
    >
      <form
        id="graph-signal"
        className="column"
        onSubmit={(event) => {
          event.preventDefault();
          void give();
        }}
      >
        <div className="field">
          <label htmlFor="signal-name">{t('plan:signal')}</label>
          <select id="signal-name" className="input" value={name} onChange={(event) => setName(event.target.value)}>
            {names.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="signal-word">{t('plan:signalWord')}</label>
          <select
            id="signal-word"
            className="input"
            value={passed ? 'passed' : 'failed'}
            onChange={(event) => setPassed(event.target.value === 'passed')}
          >
            <option value="passed">{t('plan:signalPassed')}</option>
            <option value="failed">{t('plan:signalFailed')}</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor="signal-note">{t('plan:note')}</label>
          <textarea
            id="signal-note"
            className="input"
            rows={2}
            maxLength={4_000}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </div>
      </form>
    </Dialog>
  );
}

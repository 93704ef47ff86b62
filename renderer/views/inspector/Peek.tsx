import { useEffect, useState } from 'react';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { openTab, setOverlay, useView } from '../../store/view-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Overview, Title } from './overview/index.tsx';
import { subjectOf } from './subject.ts';
import './inspector.css';
import './lists.css';

const close = () => setOverlay(null);
const open = () => {
  close();
  openTab('overview');
};

function onKey(event: KeyboardEvent): void {
  // A button inside has its keys to itself.
  if (event.target !== event.currentTarget || (event.key !== ' ' && event.key !== 'Enter')) return;
  event.preventDefault();
  if (event.key === ' ') close();
  else open();
}

/** What is selected at a glance, without leaving where one is. The key that opened it closes it, as Escape does; Enter opens. */
export default function Peek() {
  const goal = useGoal();
  const selection = useView((view) => view.selection);
  const [page, setPage] = useState<HTMLDivElement | null>(null);
  useEffect(() => {
    page?.focus();
    page?.addEventListener('keydown', onKey);
    return () => page?.removeEventListener('keydown', onKey);
  }, [page]);
  if (!goal) return null;
  const subject = subjectOf(goal, selection);
  return (
    <Dialog
      title={
        <span className="row">
          <Title goal={goal} subject={subject} />
        </span>
      }
      wide
      onClose={close}
      initialFocus={false}
      footer={
        <>
          <Button onClick={close}>{t('close')}</Button>
          <Button look="primary" onClick={open}>
            {t('inspector:openFull')}
          </Button>
        </>
      }
    >
      <div ref={setPage} className="inspect-page inspect-peek" tabIndex={-1}>
        <Overview goal={goal} subject={subject} />
      </div>
    </Dialog>
  );
}

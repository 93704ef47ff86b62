import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { t } from '../i18n/index.ts';
import { dismiss, type Notice, useNotices } from '../store/notices.ts';
import { plain } from '../text/plain.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { FaultBox } from '../ui/States.tsx';

function secondsLeft(until: number): number {
  return Math.max(0, Math.ceil((until - Date.now()) / 1_000));
}

/** One notice; it goes by itself when its time is over. */
function Card({ notice }: { readonly notice: Notice }) {
  const { id, until, undo } = notice;
  const [left, setLeft] = useState(() => (until === null ? 0 : secondsLeft(until)));
  useEffect(() => {
    if (until === null) return;
    const timer = setInterval(() => {
      if (Date.now() >= until) dismiss(id);
      else setLeft(secondsLeft(until));
    }, 250);
    return () => clearInterval(timer);
  }, [id, until]);
  const takeBack = () => {
    dismiss(id);
    undo?.();
  };
  return (
    <li className="notice">
      <div className="grow">{notice.fault ? <FaultBox fault={notice.fault} /> : plain(notice.text, 500)}</div>
      {undo && (
        <Button onClick={takeBack}>
          {t('undo')} <span className="figures quiet">{left} s</span>
        </Button>
      )}
      <IconButton icon={X} name={t('dismiss')} onClick={() => dismiss(id)} />
    </li>
  );
}

/** What is told in passing, at the edge of the window. */
export function Notices() {
  const notices = useNotices();
  return (
    <ul className="notices bare" aria-live="polite">
      {notices.map((notice) => (
        <Card key={notice.id} notice={notice} />
      ))}
    </ul>
  );
}

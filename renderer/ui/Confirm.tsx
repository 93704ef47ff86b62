import type { ReactNode } from 'react';
import { t } from '../i18n/index.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

/** Asks before something that cannot be undone. `what` says what will happen; the action's name is on its button. */
export function Confirm({
  title,
  action,
  onDo,
  onClose,
  children,
}: {
  readonly title: string;
  readonly action: string;
  readonly onDo: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            look="primary"
            autoFocus
            onClick={() => {
              onClose();
              onDo();
            }}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}

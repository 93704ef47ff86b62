import { Dialog as Base } from '@base-ui/react/dialog';
import clsx from 'clsx';
import type { ReactNode } from 'react';

/** Something that wants an answer before anything else. Escape and a click beside it close it. */
export function Dialog({
  title,
  onClose,
  wide = false,
  initialFocus = true,
  children,
  footer,
}: {
  readonly title: ReactNode;
  readonly onClose: () => void;
  readonly wide?: boolean;
  /** False: the content takes the focus itself. */
  readonly initialFocus?: boolean;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
}) {
  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={clsx('dialog', wide && 'wide')} initialFocus={initialFocus}>
          <Base.Title>{title}</Base.Title>
          {children}
          {footer !== undefined && <footer>{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

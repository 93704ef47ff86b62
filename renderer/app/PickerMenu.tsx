import { Menu } from '@base-ui/react/menu';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';

/** One thing to choose. */
export interface PickerEntry {
  readonly key: string;
  readonly shown: ReactNode;
  readonly onChoose: () => void;
}

/** The open menu of a picker, below its button, which has the focus again when it closes. */
export function PickerMenu({
  label,
  button,
  entries,
  byKey,
  onClose,
}: {
  readonly label: string;
  readonly button: RefObject<HTMLButtonElement | null>;
  readonly entries: readonly PickerEntry[];
  /** It was opened from the keyboard, which goes on from the first entry. */
  readonly byKey: boolean;
  readonly onClose: () => void;
}) {
  const first = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!byKey) return;
    // The menu takes the focus when it stands; it is handed on then.
    const frame = requestAnimationFrame(() => first.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [byKey]);
  return (
    <Menu.Root open onOpenChange={(open) => !open && onClose()}>
      <Menu.Portal>
        <Menu.Positioner anchor={button} align="start" sideOffset={4} className="popup-place">
          <Menu.Popup className="popup menu" aria-label={label} finalFocus={button}>
            {entries.map(({ key, shown, onChoose }, index) => (
              <Menu.Item key={key} ref={index === 0 ? first : undefined} className="menu-item" onClick={onChoose}>
                {shown}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

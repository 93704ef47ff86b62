import { Tabs as Base } from '@base-ui/react/tabs';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** One tab of several. */
export interface Tab<K extends string> {
  readonly key: K;
  readonly name: string;
  readonly icon: LucideIcon;
}

/** Tabs over one panel. Where it is narrow only the open one shows its name; the others keep theirs for screen readers. */
export function Tabs<K extends string>({
  label,
  tabs,
  shown,
  onShow,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly Tab<K>[];
  readonly shown: K;
  readonly onShow: (key: K) => void;
  readonly children: ReactNode;
}) {
  return (
    <Base.Root
      className="tabs-root"
      value={shown}
      onValueChange={(value) => {
        const tab = tabs.find(({ key }) => key === value);
        if (tab) onShow(tab.key);
      }}
    >
      <Base.List className="tabs" aria-label={label}>
        {tabs.map(({ key, name, icon: Icon }) => (
          <Base.Tab key={key} value={key} className="tab" title={name}>
            <Icon size={14} aria-hidden />
            <span className="tab-name">{name}</span>
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel value={shown} className="tab-panel" tabIndex={-1}>
        {children}
      </Base.Panel>
    </Base.Root>
  );
}

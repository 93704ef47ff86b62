import { Command } from 'cmdk';
import { keyLabel } from '../commands/keys.ts';
import { type Command as Action, useCommands } from '../commands/registry.ts';
import { t } from '../i18n/index.ts';
import { setOverlay } from '../store/view-store.ts';
import { Dialog } from '../ui/Dialog.tsx';

function Entry({ action }: { readonly action: Action }) {
  const why = action.why?.() ?? null;
  const Icon = action.icon;
  const run = () => {
    // The command may open something itself, so the palette goes first.
    setOverlay(null);
    action.run();
  };
  return (
    <Command.Item className="menu-item" value={`${action.title()} ${action.id}`} disabled={why !== null} onSelect={run}>
      {Icon && <Icon size={14} aria-hidden />}
      <span className="grow">{action.title()}</span>
      {why !== null && <small>{why}</small>}
      {action.keys?.[0] !== undefined && <kbd>{keyLabel(action.keys[0])}</kbd>}
    </Command.Item>
  );
}

/** Everything one can do, by name. */
export function Palette() {
  const commands = useCommands().filter((action) => action.when?.() ?? true);
  const groups = [...new Set(commands.map((action) => action.group))];
  return (
    <Dialog title={t('palette.title')} onClose={() => setOverlay(null)}>
      <Command label={t('palette.title')} loop>
        <Command.Input className="input" placeholder={t('palette.placeholder')} autoFocus />
        <Command.List className="palette-list">
          <Command.Empty>{t('palette.none')}</Command.Empty>
          {groups.map((group) => (
            <Command.Group key={group} heading={t(`groups.${group}`)}>
              {commands
                .filter((action) => action.group === group)
                .map((action) => (
                  <Entry key={action.id} action={action} />
                ))}
            </Command.Group>
          ))}
        </Command.List>
      </Command>
    </Dialog>
  );
}

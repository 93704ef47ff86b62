import { keyLabel } from '../commands/keys.ts';
import { type Command, useCommands } from '../commands/registry.ts';
import { t } from '../i18n/index.ts';
import { setOverlay, type View } from '../store/view-store.ts';
import { Dialog } from '../ui/Dialog.tsx';

function Part({ title, commands }: { readonly title: string; readonly commands: readonly Command[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl className="shortcuts">
        {commands.map((command) => (
          <div key={command.id} className="row">
            <dt className="grow">{command.title()}</dt>
            <dd>
              {command.keys?.map((key) => (
                <kbd key={key}>{keyLabel(key)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Every key, by where it works. */
export function Shortcuts() {
  const commands = useCommands().filter((command) => (command.keys?.length ?? 0) > 0);
  const views = [...new Set(commands.map((command) => command.view))];
  const title = (view: View | undefined) =>
    view === undefined ? t('shortcuts.everywhere') : t('shortcuts.in', { view: t(`views.${view}`) });
  return (
    <Dialog title={t('shortcuts.title')} wide onClose={() => setOverlay(null)}>
      <div className="shortcut-columns">
        {views.map((view) => (
          <Part key={view ?? ''} title={title(view)} commands={commands.filter((command) => command.view === view)} />
        ))}
      </div>
    </Dialog>
  );
}

import { ArrowUp, Folder, FolderGit2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { FolderView } from '#protocol/contract/settings.ts';
import { t } from '../../i18n/index.ts';
import { type Answered, ask } from '../../store/send.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { FaultBox, Skeleton } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';

function Folders({ view, open }: { readonly view: FolderView; readonly open: (path: string) => void }) {
  return (
    <ul className="bare compose-folders">
      {view.folders.map((folder) => (
        <li key={folder.path}>
          <button type="button" className="menu-item compose-folder" onClick={() => open(folder.path)}>
            {folder.repository ? <FolderGit2 size={14} aria-hidden /> : <Folder size={14} aria-hidden />}
            <Line text={folder.name} />
            {folder.repository && <span className="chip">{t('compose:isRepository')}</span>}
          </button>
        </li>
      ))}
      {view.truncated && <li className="quiet">{t('compose:more')}</li>}
    </ul>
  );
}

/** Finds a folder on the machine the orchestrator runs on. */
export function FolderPicker({
  from,
  onChoose,
  onClose,
}: {
  readonly from: string;
  readonly onChoose: (path: string) => void;
  readonly onClose: () => void;
}) {
  const [path, setPath] = useState(from);
  const [found, setFound] = useState<Answered<FolderView> | null>(null);
  useEffect(() => {
    let current = true;
    void ask((client) => client.setup.browse(path === '' ? {} : { path })).then((answered) => {
      if (!current) return;
      setFound(answered);
      if (answered.ok && path === '') setPath(answered.value.path);
    });
    return () => {
      current = false;
    };
  }, [path]);
  const view = found?.ok ? found.value : null;
  return (
    <Dialog
      title={t('compose:folder')}
      onClose={onClose}
      footer={
        <>
          {view?.repository === false && <span className="quiet grow">{t('compose:notRepository')}</span>}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" disabled={!view?.repository} onClick={() => view && onChoose(view.path)}>
            {t('compose:useThis')}
          </Button>
        </>
      }
    >
      <div className="row">
        <IconButton
          icon={ArrowUp}
          name={t('compose:up')}
          disabled={!view?.parent}
          onClick={() => view?.parent && setPath(view.parent)}
        />
        <input
          className="input mono"
          aria-label={t('compose:path')}
          value={path}
          onChange={(event) => setPath(event.target.value)}
        />
      </div>
      {found === null && <Skeleton lines={4} />}
      {found?.ok === false && <FaultBox fault={found.error} />}
      {view && <Folders view={view} open={setPath} />}
    </Dialog>
  );
}

import { PencilLine } from 'lucide-react';
import { useState } from 'react';
import type { Task } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { useIsPast } from '../../../store/world-store.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { Prose } from '../../../ui/Words.tsx';
import { mayRevise } from './help.ts';
import { Section } from './Parts.tsx';

function Form({
  goal,
  task,
  was,
  onClose,
}: {
  readonly goal: string;
  readonly task: string;
  readonly was: { readonly title: string; readonly brief: string };
  readonly onClose: () => void;
}) {
  const [title, setTitle] = useState(was.title);
  const [brief, setBrief] = useState(was.brief);
  const save = async () => {
    const saved = await send((client, command) => client.plan.revise({ goal, task, title, brief, command }));
    if (saved.ok) onClose();
  };
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className="field">
        <label htmlFor="inspect-title">{t('inspector:title')}</label>
        <input
          id="inspect-title"
          className="input"
          maxLength={200}
          // biome-ignore lint/a11y/noAutofocus: one asked to write here
          autoFocus
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor="inspect-brief">{t('inspector:brief')}</label>
        <textarea
          id="inspect-brief"
          className="input"
          rows={6}
          maxLength={20_000}
          value={brief}
          onChange={(event) => setBrief(event.target.value)}
        />
      </div>
      <div className="row">
        <Button type="submit" look="primary" disabled={title.trim() === ''}>
          {t('inspector:save')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  );
}

/** What a task says, to be written anew while no agent has read it. */
export function Rewrite({ goal, task }: { readonly goal: string; readonly task: Task }) {
  const title = useText(task.title);
  const brief = useText(task.brief);
  const past = useIsPast();
  const [editing, setEditing] = useState(false);
  const same = task.brief.id === task.title.id;
  const edit = mayRevise(task) && !past && !editing && (
    <IconButton icon={PencilLine} name={t('inspector:edit')} onClick={() => setEditing(true)} />
  );
  return (
    <Section title={t('inspector:brief')} aside={edit}>
      {editing ? (
        <Form goal={goal} task={task.id} was={{ title, brief: same ? '' : brief }} onClose={() => setEditing(false)} />
      ) : (
        <div className="inspect-brief">
          {same ? <span className="quiet">{t('inspector:noBrief')}</span> : <Prose text={brief} />}
        </div>
      )}
    </Section>
  );
}

import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { PullRequest } from '#protocol/contract/review.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { tell } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { useGoalName } from '../../store/shown.ts';
import { keepDraft, useView } from '../../store/view-store.ts';
import { plain, plainLine } from '../../text/plain.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { copyText } from '../../ui/copy.ts';
import { Dialog } from '../../ui/Dialog.tsx';

function Opened({ pull }: { readonly pull: PullRequest }) {
  return (
    <div className="column">
      <p>{pull.kind === 'opened' ? t('review:pullOpened') : plain(pull.detail, 2_000)}</p>
      {pull.command !== null && (
        <>
          <p>{t('review:pullManual')}</p>
          <div className="row">
            <pre className="grow review-detail">{plain(pull.command, 4_000)}</pre>
            <IconButton
              icon={Copy}
              name={t('inspector:copyThis', { what: t('review:pullTitle') })}
              onClick={() => copyText(pull.command ?? '')}
            />
          </div>
        </>
      )}
      {pull.url !== null && (
        <>
          <p>{t('review:pullLink')}</p>
          <div className="row">
            <code className="grow review-detail">{plain(pull.url, 2_000)}</code>
            <IconButton
              icon={Copy}
              name={t('inspector:copyThis', { what: t('review:pullLink') })}
              onClick={() => copyText(pull.url ?? '')}
            />
          </div>
        </>
      )}
    </div>
  );
}

/** Opens a pull request, or says which command does. */
export function PullDialog({ goal, onClose }: { readonly goal: Goal; readonly onClose: () => void }) {
  const text = useGoalName(goal);
  const [title, setTitle] = useState(() => plainLine(text, 100));
  const [busy, setBusy] = useState(false);
  const [pull, setPull] = useState<PullRequest | null>(null);
  const open = async () => {
    setBusy(true);
    const opened = await send((client, command) =>
      client.review.pullRequest({ goal: goal.id, command, ...(title.trim() === '' ? {} : { title: title.trim() }) }),
    );
    setBusy(false);
    if (opened.ok) setPull(opened.value);
  };
  return (
    <Dialog
      title={t('review:pullTitle')}
      onClose={onClose}
      footer={
        pull ? (
          <Button onClick={onClose}>{t('close')}</Button>
        ) : (
          <>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button look="primary" disabled={busy} onClick={() => void open()}>
              {t('review:pullDo')}
            </Button>
          </>
        )
      }
    >
      {pull ? (
        <Opened pull={pull} />
      ) : (
        <div className="field">
          <label htmlFor="review-title">{t('review:pullSubject')}</label>
          <input
            id="review-title"
            className="input"
            maxLength={250}
            value={title}
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
      )}
    </Dialog>
  );
}

/** Sends the goal back with what should be different: a new task for whoever is in charge. */
export function BackDialog({ goal, onClose }: { readonly goal: Goal; readonly onClose: () => void }) {
  const draft = `review.back.${goal.id}`;
  const text = useView((view) => view.drafts[draft] ?? '');
  const back = async () => {
    const brief = text.trim();
    const sent = await send((client, command) =>
      client.goals.addTask({
        goal: goal.id,
        title: t('review:backTitleOf', { text: plainLine(brief, 120) }).slice(0, 200),
        brief,
        assignee: goal.solo === null ? { kind: 'anyone' } : { kind: 'agent', agent: goal.solo },
        command,
      }),
    );
    if (!sent.ok) return;
    keepDraft(draft, '');
    onClose();
    tell(t('review:backSent'));
  };
  return (
    <Dialog
      title={t('review:backTitle')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="primary" disabled={text.trim() === ''} onClick={() => void back()}>
            {t('review:backDo')}
          </Button>
        </>
      }
    >
      <p>{t('review:backWhat')}</p>
      <div className="field">
        <label htmlFor="review-back">{t('review:backTask')}</label>
        <textarea
          id="review-back"
          className="input"
          rows={5}
          maxLength={20_000}
          value={text}
          onChange={(event) => keepDraft(draft, event.target.value)}
        />
      </div>
    </Dialog>
  );
}

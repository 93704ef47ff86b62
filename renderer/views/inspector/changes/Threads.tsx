import type { Message } from '#protocol/model/conversation/state.ts';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useText } from '../../../store/shown.ts';
import { keepDraft, useView } from '../../../store/view-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Button } from '../../../ui/Button.tsx';
import { Ago, Prose } from '../../../ui/Words.tsx';
import type { Thread } from './comments.ts';

function Said({ name, text, at }: { readonly name: string; readonly text: string; readonly at: number }) {
  return (
    <div className="change-said">
      <div className="row">
        <strong>
          <bdi>{plainLine(name, 60)}</bdi>
        </strong>
        <small className="figures">
          <Ago at={at} />
        </small>
      </div>
      <Prose text={text} />
    </div>
  );
}

function Answer({ goal, message }: { readonly goal: Goal; readonly message: Message }) {
  const text = useText(message.body);
  return <Said name={actorName(goal, message.from)} text={text} at={message.sentAt} />;
}

/** A comment on a line and what was answered. */
export function ThreadBox({ goal, thread }: { readonly goal: Goal; readonly thread: Thread }) {
  const { comment, message, answers } = thread;
  const waits = answers.length === 0 && message.dead === null;
  const names = message.to.map((id) => actorName(goal, id)).join(', ');
  return (
    <div className="change-thread">
      <Said name={t('inspector:you')} text={comment.text} at={message.sentAt} />
      {answers.map((answer) => (
        <Answer key={answer.id} goal={goal} message={answer} />
      ))}
      {waits && <small>{t('inspector:waitsForAnswer', { name: plainLine(names, 80) })}</small>}
      {message.dead && <small>{t('inspector:deadLetter', { reason: message.dead.reason })}</small>}
    </div>
  );
}

/** The box in which a line comment is written. Kept until it was sent. */
export function Compose({
  draft,
  place,
  onSend,
  onClose,
}: {
  readonly draft: string;
  readonly place: string;
  readonly onSend: (text: string) => void;
  readonly onClose: () => void;
}) {
  const text = useView((view) => view.drafts[draft] ?? '');
  return (
    <form
      className="column"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onSend(text);
      }}
    >
      <textarea
        className="input"
        aria-label={t('inspector:diff.commentOn', { line: place })}
        placeholder={t('inspector:commentHint')}
        rows={3}
        // biome-ignore lint/a11y/noAutofocus: one asked to write here
        autoFocus
        maxLength={20_000}
        value={text}
        onChange={(event) => keepDraft(draft, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && text.trim() !== '') onSend(text);
          if (event.key === 'Escape') {
            event.stopPropagation();
            onClose();
          }
        }}
      />
      <div className="row">
        <Button type="submit" look="primary" disabled={text.trim() === ''}>
          {t('inspector:comment')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </form>
  );
}

import { Send } from 'lucide-react';
import { t } from '../../../i18n/index.ts';
import { tell } from '../../../store/notices.ts';
import { send } from '../../../store/send.ts';
import { keepDraft, useView } from '../../../store/view-store.ts';
import { useIsPast } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Button } from '../../../ui/Button.tsx';

const SUBJECT_LENGTH = 80;

/** A box to write to an agent. The text survives until it was sent. */
export function Talk({
  goal,
  to,
  name,
  replyTo,
}: {
  readonly goal: string;
  readonly to: string;
  readonly name: string;
  /** The message that is answered. */
  readonly replyTo?: { readonly id: string; readonly subject: string };
}) {
  const draft = `talk.${goal}.${to}`;
  const text = useView((view) => view.drafts[draft] ?? '');
  const past = useIsPast();
  const label = t('inspector:writeTo', { name: plainLine(name, 60) });
  const post = async () => {
    const body = text.trim();
    if (body === '') return;
    const subject = replyTo?.subject.slice(0, 200) || plainLine(body, SUBJECT_LENGTH);
    const sent = await send((client, command) =>
      client.goals.message({
        goal,
        to,
        subject,
        body,
        command,
        ...(replyTo ? { replyTo: replyTo.id } : {}),
      }),
    );
    if (!sent.ok) return;
    keepDraft(draft, '');
    tell(t('inspector:messageSent', { name: plainLine(name, 60) }));
  };
  return (
    <form
      className="inspect-talk"
      onSubmit={(event) => {
        event.preventDefault();
        void post();
      }}
    >
      <textarea
        className="input"
        id="inspect-talk"
        aria-label={label}
        placeholder={label}
        rows={2}
        disabled={past}
        value={text}
        onChange={(event) => keepDraft(draft, event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void post();
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <Button type="submit" icon={Send} disabled={past || text.trim() === ''}>
        {t('inspector:send')}
      </Button>
    </form>
  );
}

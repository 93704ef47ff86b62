import { Check, CheckCheck, ChevronLeft, MailWarning, MailX } from 'lucide-react';
import { useState } from 'react';
import { useShallow } from 'zustand/shallow';
import type { Conversation, Message } from '#protocol/model/conversation/state.ts';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { useText } from '../../../store/shown.ts';
import { useIsPast, useWorld } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { clockTime, fullTime } from '../../../text/time.ts';
import { IconButton } from '../../../ui/Button.tsx';
import { Empty } from '../../../ui/States.tsx';
import { Ago, Line, Prose } from '../../../ui/Words.tsx';
import { Talk } from '../overview/Talk.tsx';
import type { Subject } from '../subject.ts';
import { conversationsOf, lastAt, participantsOf, replyTarget } from './conversations.ts';
import { Negotiated } from './Negotiated.tsx';

const LONGEST = 20_000;
/** Messages of a conversation that are laid out; older ones are a click away. */
const PAGE = 100;

/** What became of a message, per recipient: told, read, seen by its model. */
function Receipt({ goal, message }: { readonly goal: Goal; readonly message: Message }) {
  if (message.dead)
    return (
      <small className="mark" data-standing="failed">
        <MailX size={14} aria-hidden /> {t('inspector:deadLetter', { reason: message.dead.reason })}
      </small>
    );
  const seen = message.to.filter((id) => message.acknowledgedBy[id] !== undefined);
  const read = message.to.filter((id) => message.readBy[id] !== undefined);
  const state = seen.length > 0 ? 'acknowledged' : read.length > 0 ? 'read' : 'sent';
  const names = (state === 'acknowledged' ? seen : state === 'read' ? read : message.to)
    .map((id) => plainLine(actorName(goal, id), 40))
    .join(', ');
  const Icon = state === 'acknowledged' ? CheckCheck : Check;
  return (
    <small className="row talk-receipt">
      <Icon size={14} aria-hidden /> {t(`inspector:receipt.${state}`, { names })}
    </small>
  );
}

function Said({ goal, message }: { readonly goal: Goal; readonly message: Message }) {
  const subject = useText(message.subject);
  const body = useText(message.body);
  // Whose turn it is in a negotiation stands with the negotiation.
  const owes = message.wantsAnswer && message.answeredBy === null && !message.dead && message.negotiation === null;
  return (
    <li className="talk-message" data-mine={message.from === 'ceo'}>
      <div className="row">
        <strong className="line-of-text">
          <Line text={actorName(goal, message.from)} most={60} />
        </strong>
        <span className="chip">{t(`inspector:kind.${message.kind}`)}</span>
        <span className="grow" />
        <time className="figures quiet" title={fullTime(message.sentAt)}>
          {clockTime(message.sentAt)}
        </time>
      </div>
      {subject !== '' && (
        <p className="talk-subject">
          <Line text={subject} />
        </p>
      )}
      <Prose text={body} most={LONGEST} />
      <div className="row">
        <Receipt goal={goal} message={message} />
        {owes && (
          <small className="mark" data-standing="waiting">
            <MailWarning size={14} aria-hidden /> {t('inspector:wantsAnswer')}
          </small>
        )}
      </div>
    </li>
  );
}

function Thread({ goal, conversation }: { readonly goal: Goal; readonly conversation: Conversation }) {
  const [pages, setPages] = useState(1);
  const past = useIsPast();
  const target = replyTarget(goal, conversation);
  const subject = useText(target?.message.subject);
  const shown = conversation.order.slice(-PAGE * pages);
  const older = conversation.order.length - shown.length;
  const agent = goal.agents[target?.agent ?? ''];
  const withCeo = participantsOf(goal.id, conversation.id).includes('ceo');
  return (
    <>
      {Object.values(conversation.negotiations).map((each) => (
        <Negotiated key={each.id} goal={goal} negotiation={each} />
      ))}
      <ol className="bare talk">
        {older > 0 && (
          <li>
            <button type="button" className="button" onClick={() => setPages(pages + 1)}>
              {t('inspector:older', { count: older })}
            </button>
          </li>
        )}
        {shown.map((id) => {
          const message = conversation.messages[id];
          return message ? <Said key={id} goal={goal} message={message} /> : null;
        })}
      </ol>
      {agent && target && !past && (
        <Talk
          goal={goal.id}
          to={agent.id}
          name={agent.name}
          {...(withCeo ? { replyTo: { id: target.message.id, subject: replySubject(subject) } } : {})}
        />
      )}
    </>
  );
}

const replySubject = (subject: string) => (subject.startsWith('Re: ') ? subject : `Re: ${subject}`).slice(0, 200);

function Entry({
  goal,
  conversation,
  onOpen,
}: {
  readonly goal: Goal;
  readonly conversation: Conversation;
  readonly onOpen: () => void;
}) {
  const last = conversation.messages[conversation.order.at(-1) ?? ''];
  const subject = useText(last?.subject);
  const names = participantsOf(goal.id, conversation.id).map((id) => actorName(goal, id));
  return (
    <li>
      <button type="button" className="history-row" onClick={onOpen}>
        <span className="row">
          <strong className="line-of-text">
            <Line text={names.join(', ')} most={160} />
          </strong>
          <span className="grow" />
          <small className="figures">{t('inspector:messagesCount', { count: conversation.order.length })}</small>
          <small className="figures">
            <Ago at={lastAt(conversation)} />
          </small>
        </span>
        <small className="line-of-text">
          <Line text={subject} />
        </small>
      </button>
    </li>
  );
}

/** Conversations as threads; one at a time, with the box to reply in. */
export function Messages({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const found = useWorld(useShallow((world) => conversationsOf(goal, subject, world.conversations))) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = found.find(({ id }) => id === chosen) ?? (found.length === 1 ? found[0] : undefined);
  const one = subject.kind === 'agent' || subject.kind === 'talk';
  const to = subject.kind === 'agent' ? subject.id : subject.kind === 'talk' ? talkTo(goal, subject) : null;
  const agent = goal.agents[to ?? ''];
  if (found.length === 0)
    return (
      <div className="inspect-page">
        <Empty title={t('inspector:noMessages')}>{t('inspector:noMessagesWhy')}</Empty>
        {one && agent && <Talk goal={goal.id} to={agent.id} name={agent.name} />}
      </div>
    );
  if (!shown)
    return (
      <ul className="bare">
        {found.map((conversation) => (
          <Entry
            key={conversation.id}
            goal={goal}
            conversation={conversation}
            onOpen={() => setChosen(conversation.id)}
          />
        ))}
      </ul>
    );
  const names = participantsOf(goal.id, shown.id).map((id) => actorName(goal, id));
  return (
    <div className="inspect-page">
      <div className="row">
        {found.length > 1 && (
          <IconButton icon={ChevronLeft} name={t('inspector:allConversations')} onClick={() => setChosen(null)} />
        )}
        <h3 className="grow line-of-text">
          <Line text={names.join(', ')} most={160} />
        </h3>
      </div>
      <Thread key={shown.id} goal={goal} conversation={shown} />
    </div>
  );
}

function talkTo(goal: Goal, { one, other }: Extract<Subject, { kind: 'talk' }>): string | null {
  return [one, other].find((id) => goal.agents[id] !== undefined) ?? null;
}

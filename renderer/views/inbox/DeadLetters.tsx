import { MailX, RotateCcw } from 'lucide-react';
import { useShallow } from 'zustand/shallow';
import type { Message } from '#protocol/model/conversation/state.ts';
import { t } from '../../i18n/index.ts';
import { deadLettersOf } from '../../store/negotiations.ts';
import { tell } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { useText } from '../../store/shown.ts';
import { useIsPast, useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Ago, Line } from '../../ui/Words.tsx';
import { namesOf } from '../inspector/messages/Negotiated.tsx';

/** Dead letters that are laid out; older ones are in the conversations. */
const MOST = 50;

function why(reason: string): string {
  return reason === 'expired' || reason === 'goal-over'
    ? t(`negotiation:deadWhy.${reason}`)
    : t('negotiation:deadWhy.undeliverable');
}

function Letter({ message }: { readonly message: Message }) {
  const subject = useText(message.subject);
  const goal = useWorld((world) => world.goals[message.goal] ?? null);
  const past = useIsPast();
  if (!goal || !message.dead) return null;
  const replay = async () => {
    const sent = await send((client) => client.messages.replay({ goal: goal.id, message: message.id }));
    if (sent.ok) tell(t('negotiation:replayed'));
  };
  const from = namesOf(goal, [message.from]);
  return (
    <li className="inbox-letter">
      <span className="row">
        <MailX size={14} aria-hidden />
        <small className="line-of-text">
          {t('negotiation:fromTo', { from, to: namesOf(goal, message.to) })}: {why(message.dead.reason)}
        </small>
        <span className="grow" />
        <small>
          <Ago at={message.dead.at} />
        </small>
      </span>
      <Line text={subject} />
      {!past && (
        <Button icon={RotateCcw} onClick={() => void replay()}>
          {t('negotiation:replay')}
        </Button>
      )}
    </li>
  );
}

/** Messages that reached nobody, each with why and the button that sends it again. */
export function DeadLetters() {
  const dead = useWorld(useShallow((world) => deadLettersOf(world.conversations))) ?? [];
  if (dead.length === 0) return null;
  return (
    <details className="inbox-dead">
      <summary>{t('negotiation:dead', { count: dead.length })}</summary>
      <ul className="bare">
        {dead.slice(0, MOST).map((message) => (
          <Letter key={message.id} message={message} />
        ))}
      </ul>
    </details>
  );
}

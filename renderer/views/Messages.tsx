import type { Message } from '#protocol/model/conversation/state.ts';
import { actorName, textsIn } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { useWorld } from '../store/world-store.ts';

const SHOWN = 100;

function stateOf(message: Message): string {
  if (message.dead) return `not delivered: ${message.dead.reason}`;
  if (message.answeredBy) return 'answered';
  const acknowledged = Object.keys(message.acknowledgedBy).length;
  if (acknowledged === message.to.length) return 'read';
  return message.wantsAnswer ? 'waits for an answer' : 'sent';
}

function MessageRow({ goal, message }: { readonly goal: Goal; readonly message: Message }) {
  const subject = useWorld((world) => textsIn(world.texts)(message.subject)) ?? '';
  const body = useWorld((world) => textsIn(world.texts)(message.body)) ?? '';
  return (
    <li>
      <p className="message-head">
        <strong>{actorName(goal, message.from)}</strong> to {message.to.map((id) => actorName(goal, id)).join(', ')}
        <span className="space" />
        <small>
          {message.kind}, {stateOf(message)}
        </small>
      </p>
      <p>
        <bdi className="title">{subject}</bdi>
      </p>
      {body !== '' && body !== subject && <pre>{body}</pre>}
    </li>
  );
}

/** Who said what to whom in a goal, newest first. */
export function Messages({ goal }: { readonly goal: Goal }) {
  const conversations = useWorld((world) => world.conversations) ?? {};
  const all = Object.values(conversations)
    .flatMap((conversation) => Object.values(conversation.messages))
    .filter((message) => message.goal === goal.id)
    .sort((one, other) => other.sentAt - one.sentAt);
  return (
    <>
      <h3>
        Messages <small>{all.length > SHOWN ? `newest ${SHOWN} of ${all.length}` : all.length}</small>
      </h3>
      <ul className="messages">
        {all.slice(0, SHOWN).map((message) => (
          <MessageRow key={message.id} goal={goal} message={message} />
        ))}
      </ul>
    </>
  );
}

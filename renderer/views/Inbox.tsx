import { useId, useState } from 'react';
import { ANSWERS } from '#protocol/model/goal/answers.ts';
import { openItems, textsIn } from '#protocol/model/goal/describe.ts';
import type { Answer } from '#protocol/model/goal/parts.ts';
import type { Goal, Item } from '#protocol/model/goal/state.ts';
import { answerItem } from '../store/actions.ts';
import { useWorld } from '../store/world-store.ts';
import { StateMark } from './StateMark.tsx';

const LABELS: Readonly<Record<Answer, string>> = {
  allow: 'Allow',
  'allow-session': 'Allow this session',
  'allow-always': 'Always allow',
  deny: 'Deny',
  reply: 'Reply',
  retry: 'Try again',
  accept: 'Accept',
  stop: 'Stop the task',
};

function ItemCard({ goal, item }: { readonly goal: Goal; readonly item: Item }) {
  const title = useWorld((world) => textsIn(world.texts)(item.title)) ?? '';
  const detail = useWorld((world) => textsIn(world.texts)(item.detail)) ?? '';
  const [text, setText] = useState('');
  const [sending, setSending] = useState(false);
  const field = useId();
  const give = async (answer: Answer) => {
    setSending(true);
    await answerItem(goal.id, item.id, answer, text);
    setSending(false);
  };
  return (
    <li className="card">
      <p>
        <StateMark standing="needs-you" /> <small>{item.kind}</small>
      </p>
      <p>
        <bdi className="title">{title}</bdi>
      </p>
      {detail !== '' && <pre>{detail}</pre>}
      <label htmlFor={field}>Your words</label>
      <textarea id={field} rows={2} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="answers">
        {ANSWERS[item.kind].map((answer, index) => (
          <button
            key={answer}
            type="button"
            className={index === 0 ? 'primary' : answer === 'stop' || answer === 'deny' ? 'danger' : ''}
            disabled={sending || (answer === 'reply' && text.trim() === '')}
            onClick={() => void give(answer)}
          >
            {LABELS[answer]}
          </button>
        ))}
      </div>
    </li>
  );
}

/** Everything that only the CEO can decide, of all goals, oldest first. Details are never cut. */
export function Inbox() {
  const goals = useWorld((world) => world.goals) ?? {};
  const items = Object.values(goals)
    .flatMap((goal) => openItems(goal).map((item) => ({ goal, item })))
    .sort((one, other) => one.item.openedAt - other.item.openedAt);
  return (
    <aside className="panel" aria-label="Inbox">
      <h2>
        Inbox{' '}
        <small aria-live="polite">
          {items.length === 0 ? 'nothing needs you' : `${items.length} ${items.length === 1 ? 'needs' : 'need'} you`}
        </small>
      </h2>
      <ul>
        {items.map(({ goal, item }) => (
          <ItemCard key={item.id} goal={goal} item={item} />
        ))}
      </ul>
    </aside>
  );
}

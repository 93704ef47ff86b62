import { useState } from 'react';
import { ANSWERS } from '#protocol/model/goal/answers.ts';
import type { Answer } from '#protocol/model/goal/parts.ts';
import { NANOS_PER_USD } from '#protocol/model/money.ts';
import { keyLabel } from '../../commands/keys.ts';
import { allCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { negotiationIn } from '../../store/negotiations.ts';
import { send } from '../../store/send.ts';
import { keepDraft, useView } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button } from '../../ui/Button.tsx';
import { Always } from './Always.tsx';
import { Choose } from './Choose.tsx';
import type { Queued } from './queue.ts';
import { answer, draftOf, narrow, useInbox } from './state.ts';
import { wordOf } from './words.ts';

function labelOf(kind: Queued['item']['kind'], alone: boolean): string {
  if (kind === 'question') return t('inbox:reply');
  if (kind === 'plan' || kind === 'review') return t('inbox:planNote');
  if (kind === 'arbitration') return t('negotiation:own');
  return alone ? t('inbox:noteAlone') : t('inbox:note');
}

/** More money for what has reached its cap, and on it goes. */
function Raise({ queued }: { readonly queued: Queued }) {
  const { goal, item } = queued;
  const node = item.attempt === null ? `goal/${goal.id}` : `run/${item.attempt}`;
  const cap = useWorld((world) => world.budgets.nodes[node]?.cap ?? goal.limits.goalNanos) ?? 0;
  const [usd, setUsd] = useState(() => String(Math.ceil((cap / NANOS_PER_USD) * 2 * 100) / 100));
  const raise = async () => {
    const set = await send((client, command) =>
      client.goals.setCap({
        goal: goal.id,
        usd: Number(usd),
        ...(item.attempt === null ? {} : { attempt: item.attempt }),
        command,
      }),
    );
    if (set.ok) await answer(queued, 'retry', '');
  };
  return (
    <form
      className="row"
      onSubmit={(event) => {
        event.preventDefault();
        void raise();
      }}
    >
      <label htmlFor="inbox-cap">{t('inbox:raise')}</label> $
      <input
        id="inbox-cap"
        className="input figures inbox-cap"
        inputMode="decimal"
        value={usd}
        onChange={(event) => setUsd(event.target.value)}
      />
      <Button type="submit" look="primary" disabled={!(Number(usd) > 0)}>
        {t('inbox:raiseDo')}
      </Button>
    </form>
  );
}

/** The answers an item takes, with their keys, and the reply that goes with them. */
export function Answers({ queued, command }: { readonly queued: Queued; readonly command: string }) {
  const { item } = queued;
  const text = useView((view) => view.drafts[draftOf(item.id)] ?? '');
  const narrowing = useInbox((state) => state.narrowing);
  const said = ANSWERS[item.kind];
  const keyOf = (each: Answer) => allCommands().find((known) => known.id === `inbox.${each}`)?.keys?.[0];
  const give = (each: Answer) => (each === 'allow-always' ? narrow(true) : void answer(queued, each, text));
  const negotiation = useWorld((world) =>
    item.about === undefined ? null : negotiationIn(world.conversations, item.about),
  );
  if (narrowing && said.includes('allow-always'))
    return <Always command={command} onAllow={(pattern) => void answer(queued, 'allow-always', pattern)} />;
  return (
    <div className="column">
      {item.kind === 'budget' && <Raise queued={queued} />}
      {negotiation && (
        <Choose
          goal={queued.goal}
          negotiation={negotiation}
          onChoose={(version) => void answer(queued, 'reply', `v${version}`)}
        />
      )}
      <label htmlFor="inbox-reply">{labelOf(item.kind, item.attempt === null)}</label>
      <textarea
        id="inbox-reply"
        className="input"
        rows={item.kind === 'question' ? 4 : 2}
        value={text}
        onChange={(event) => keepDraft(draftOf(item.id), event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
            void answer(queued, said.includes('reply') ? 'reply' : (said[0] ?? 'retry'), text);
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <div className="row inbox-buttons">
        {said.map((each, index) => {
          const key = keyOf(each);
          return (
            <Button
              key={each}
              look={index === 0 ? 'primary' : each === 'deny' || each === 'stop' ? 'danger' : 'normal'}
              onClick={() => give(each)}
            >
              {wordOf(item.kind, each)} {key !== undefined && <kbd>{keyLabel(key)}</kbd>}
            </Button>
          );
        })}
      </div>
    </div>
  );
}

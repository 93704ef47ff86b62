import { useState } from 'react';
import type { Goal, Task } from '#protocol/model/goal/state.ts';
import { t } from '../../../i18n/index.ts';
import { tell } from '../../../store/notices.ts';
import { send } from '../../../store/send.ts';
import { useText } from '../../../store/shown.ts';
import { goTo, openTab, setOverlay } from '../../../store/view-store.ts';
import { useIsPast } from '../../../store/world-store.ts';
import { plainLine } from '../../../text/plain.ts';
import { Button } from '../../../ui/Button.tsx';
import { Confirm } from '../../../ui/Confirm.tsx';
import { useInbox } from '../../inbox/state.ts';
import { type Help, helpFor } from './help.ts';

function focusCap(): void {
  const cap = document.querySelector<HTMLElement>('.inspect-cap');
  cap?.scrollIntoView({ block: 'center' });
  cap?.focus();
}

async function remind(goal: Goal, agent: string, title: string): Promise<void> {
  const name = plainLine(goal.agents[agent]?.name ?? agent, 60);
  const about = plainLine(title, 120);
  const sent = await send((client, command) =>
    client.goals.message({
      goal: goal.id,
      to: agent,
      subject: t('inspector:remindSubject', { title: about }).slice(0, 200),
      body: t('inspector:remindBody', { title: about }),
      command,
    }),
  );
  if (sent.ok) tell(t('inspector:reminded', { name }));
}

function perform(help: Help, goal: Goal, task: Task, title: string): unknown {
  const of = { goal: goal.id, task: task.id };
  switch (help.do) {
    case 'answer':
      useInbox.setState({ item: help.item.id, narrowing: false });
      return goTo('inbox');
    case 'accept':
      return openTab('changes');
    case 'remind':
      return void remind(goal, help.agent, title);
    case 'interrupt':
      return void send((client, command) => client.goals.interrupt({ goal: goal.id, agent: help.agent, command }));
    case 'resume':
      return void send((client, command) => client.goals.resume({ goal: goal.id, agent: help.agent, command }));
    case 'raise':
      return focusCap();
    case 'assign':
      return setOverlay({ kind: 'assign', tasks: [task.id] });
    case 'retry':
      return void send((client, command) => client.goals.retryTask({ ...of, command }));
    case 'take-back':
      return void send((client, command) => client.plan.unassign({ ...of, command }));
    case 'cancel':
      return void send((client, command) => client.goals.cancelTask({ ...of, command }));
  }
}

/** The one button that accepts work which nothing proved; the diff is one click away. */
function AcceptUnverified({ goal, item }: { readonly goal: string; readonly item: string }) {
  const [asking, setAsking] = useState(false);
  const accept = () =>
    void send((client, command) => client.goals.answer({ goal, item, answer: 'accept', text: '', command }));
  return (
    <>
      <Button look="primary" onClick={() => setAsking(true)}>
        {t('inspector:help.acceptUnverified')}
      </Button>
      {asking && (
        <Confirm
          title={t('inspector:acceptTitle')}
          action={t('inspector:help.acceptUnverified')}
          onDo={accept}
          onClose={() => setAsking(false)}
        >
          <p>{t('inspector:acceptWhat')}</p>
        </Confirm>
      )}
    </>
  );
}

/** What ends a wait; these are offered in the foremost place. */
const UNBLOCKS: ReadonlySet<Help['do']> = new Set(['answer', 'remind', 'resume', 'raise', 'retry']);

/** What helps a task on now, the most helpful first. */
export function TaskActions({ goal, task }: { readonly goal: Goal; readonly task: Task }) {
  const title = useText(task.title);
  const past = useIsPast();
  const [asked, setAsked] = useState<Help | null>(null);
  const helps = helpFor(goal, task);
  if (past || helps.length === 0) return null;
  const asks = (help: Help) => help.do === 'cancel' || (help.do === 'take-back' && task.status === 'active');
  const choose = (help: Help) => (asks(help) ? setAsked(help) : perform(help, goal, task, title));
  return (
    <div className="inspect-actions">
      {helps.map((help, index) => (
        <span key={'item' in help ? help.item.id : help.do} className="row">
          {help.do === 'accept' && <AcceptUnverified goal={goal.id} item={help.item.id} />}
          <Button
            look={help.do === 'cancel' ? 'danger' : index === 0 && UNBLOCKS.has(help.do) ? 'primary' : 'normal'}
            onClick={() => choose(help)}
          >
            {t(`inspector:help.${help.do}`, {
              name: 'agent' in help ? plainLine(goal.agents[help.agent]?.name ?? '', 40) : '',
            })}
          </Button>
        </span>
      ))}
      {asked && (
        <Confirm
          title={t(`inspector:ask.${asked.do === 'cancel' ? 'cancel' : 'takeBack'}`)}
          action={t(`inspector:help.${asked.do}`, { name: '' })}
          onDo={() => perform(asked, goal, task, title)}
          onClose={() => setAsked(null)}
        >
          <p>{t(`inspector:ask.${asked.do === 'cancel' ? 'cancelWhat' : 'takeBackWhat'}`)}</p>
        </Confirm>
      )}
    </div>
  );
}

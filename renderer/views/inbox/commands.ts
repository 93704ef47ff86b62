import { Check, CheckCheck, MessageSquareReply, ShieldCheck, X } from 'lucide-react';
import { ANSWERS } from '#protocol/model/goal/answers.ts';
import type { Answer } from '#protocol/model/goal/parts.ts';
import { type Command, registerCommands } from '../../commands/registry.ts';
import { t } from '../../i18n/index.ts';
import { useView } from '../../store/view-store.ts';
import { answerShown, moveBy, narrow, shownNow } from './state.ts';

const here = () => useView.getState().view === 'inbox';

const takes = (said: Answer) => () => {
  const shown = here() ? shownNow() : null;
  return shown !== null && ANSWERS[shown.item.kind].includes(said);
};

function give(said: Answer, key: string, icon: NonNullable<Command['icon']>): Command {
  return {
    id: `inbox.${said}`,
    title: () => t(`inbox:answer.${said}`),
    group: 'inbox',
    view: 'inbox',
    keys: [key],
    icon,
    when: takes(said),
    run: () => answerShown(said),
  };
}

/** Puts the cursor into the reply. */
function focusReply(): void {
  document.getElementById('inbox-reply')?.focus();
}

registerCommands([
  {
    id: 'inbox.next',
    title: () => t('inbox:next'),
    group: 'inbox',
    view: 'inbox',
    keys: ['j', 'arrowdown'],
    when: here,
    run: () => moveBy(1),
  },
  {
    id: 'inbox.previous',
    title: () => t('inbox:previous'),
    group: 'inbox',
    view: 'inbox',
    keys: ['k', 'arrowup'],
    when: here,
    run: () => moveBy(-1),
  },
  give('allow', 'y', Check),
  give('allow-session', 's', ShieldCheck),
  {
    id: 'inbox.allow-always',
    title: () => t('inbox:answer.allow-always'),
    group: 'inbox',
    view: 'inbox',
    keys: ['shift+a'],
    icon: CheckCheck,
    when: takes('allow-always'),
    run: () => narrow(true),
  },
  give('deny', 'd', X),
  {
    id: 'inbox.reply',
    title: () => t('inbox:answer.reply'),
    group: 'inbox',
    view: 'inbox',
    keys: ['r'],
    icon: MessageSquareReply,
    when: () => here() && shownNow() !== null,
    run: focusReply,
  },
]);

import {
  ClipboardCheck,
  FileDiff,
  History as HistoryIcon,
  Info,
  type LucideIcon,
  MessagesSquare,
  Route,
  ScrollText,
  SquareTerminal,
  X,
} from 'lucide-react';
import { memo, Suspense } from 'react';
import { actorName } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { ErrorBoundary } from '../../app/ErrorBoundary.tsx';
import { keyLabel } from '../../commands/keys.ts';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { type InspectorTab, openTab, toggleInspector, useView } from '../../store/view-store.ts';
import { IconButton } from '../../ui/Button.tsx';
import { part } from '../../ui/part.tsx';
import { Select } from '../../ui/Select.tsx';
import { Empty, Skeleton } from '../../ui/States.tsx';
import { Tabs } from '../../ui/Tabs.tsx';
import { useAtMost } from '../../ui/use-at-most.ts';
import { Overview, Title } from './overview/index.tsx';
import { useAttempt, useInspected } from './state.ts';
import { attemptsOf, type Subject, subjectKey, subjectOf, tabsOf } from './subject.ts';
import './commands.ts';
import './inspector.css';
import './lists.css';

const Transcript = part(() => import('./transcript/index.tsx').then((file) => file.Transcript));
const ChangesPane = part(() => import('./changes/index.tsx').then((file) => file.ChangesPane));
const Checks = part(() => import('./Checks.tsx').then((file) => file.Checks));
const Messages = part(() => import('./messages/index.tsx').then((file) => file.Messages));
const RouteCost = part(() => import('./RouteCost.tsx').then((file) => file.RouteCost));
const History = part(() => import('./history/index.tsx').then((file) => file.History));
const TerminalTab = part(() => import('./terminal/index.tsx').then((file) => file.default));

const ICONS: Readonly<Record<InspectorTab, LucideIcon>> = {
  overview: Info,
  transcript: ScrollText,
  changes: FileDiff,
  checks: ClipboardCheck,
  messages: MessagesSquare,
  route: Route,
  history: HistoryIcon,
  terminal: SquareTerminal,
};

/** Which of an item's attempts is looked at, where there are several. */
function AttemptPicker({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const attempts = attemptsOf(goal, subject);
  const shown = useAttempt(attempts);
  const texts = useAttemptNames(goal, subject);
  if (attempts.length < 2 || !shown) return null;
  return (
    <div className="inspect-pick">
      <Select
        label={t('inspector:attempt')}
        value={shown.id}
        options={attempts.map(({ id }) => ({ key: id, name: texts[id] ?? id }))}
        onChoose={(attempt) => useInspected.setState({ attempt, run: null })}
      />
    </div>
  );
}

function useAttemptNames(goal: Goal, subject: Subject): Readonly<Record<string, string>> {
  const entries = attemptsOf(goal, subject).map((attempt) => {
    const number = t('inspector:attemptNumber', { number: attempt.number });
    const status = t(`inspector:attemptStatus.${attempt.status}`);
    return [attempt.id, `${number}: ${actorName(goal, attempt.agent)}, ${status}`] as const;
  });
  return Object.fromEntries(entries);
}

function Part({ goal, subject, tab }: { readonly goal: Goal; readonly subject: Subject; readonly tab: InspectorTab }) {
  const attempt = useAttempt(attemptsOf(goal, subject));
  const openAt = useInspected((state) => state.file);
  switch (tab) {
    case 'overview':
      return (
        <div className="inspect-page">
          <Overview goal={goal} subject={subject} />
        </div>
      );
    case 'transcript':
      return <Transcript goal={goal} subject={subject} />;
    case 'changes':
      if (subject.kind !== 'goal' && !attempt)
        return <Empty title={t('inspector:noChanges')}>{t('inspector:noAttempts')}</Empty>;
      return (
        <ChangesPane
          key={attempt?.id ?? goal.id}
          goal={goal}
          attempt={attempt?.id ?? null}
          openAt={openAt}
          onTerminal={attempt ? () => openTab('terminal') : undefined}
        />
      );
    case 'checks':
      return <Checks goal={goal} subject={subject} />;
    case 'messages':
      return <Messages goal={goal} subject={subject} />;
    case 'route':
      return <RouteCost goal={goal} subject={subject} />;
    case 'history':
      return <History goal={goal} subject={subject} />;
    case 'terminal':
      return <TerminalTab goal={goal} attempt={attempt} />;
  }
}

const PICKED: readonly InspectorTab[] = ['changes', 'terminal'];

/** A person reads no faster, and everything here is drawn again with each change of the goal. */
const FOLLOW_EVERY_MS = 200;

/** The shown goal, followed calmly: at once after a pause, when another is shown, and when something new is selected. */
function useCalmGoal(selection: readonly string[]): Goal | null {
  const goal = useGoal();
  const calm = useAtMost(goal, FOLLOW_EVERY_MS);
  if (goal === null || calm?.id !== goal.id) return goal;
  const keyIn = (each: Goal) => subjectKey(each, subjectOf(each, selection));
  return keyIn(calm) === keyIn(goal) ? calm : goal;
}

/** A goal, or a thing of it, from every side. */
const Sides = memo(function Sides({ goal, selection }: { readonly goal: Goal; readonly selection: readonly string[] }) {
  const wanted = useView((view) => view.tab);
  const subject = subjectOf(goal, selection);
  const { tabs, shown } = tabsOf(subject, wanted);
  const key = subjectKey(goal, subject);
  return (
    <>
      <header className="row inspect-head">
        <h2 className="grow row">
          <Title goal={goal} subject={subject} />
        </h2>
        <IconButton icon={X} name={t('inspector:close')} hint={keyLabel('i')} onClick={toggleInspector} />
      </header>
      <Tabs
        label={t('inspector:tabsLabel')}
        tabs={tabs.map((tab) => ({ key: tab, name: t(`inspector:tabs.${tab}`), icon: ICONS[tab] }))}
        shown={shown}
        onShow={openTab}
      >
        <ErrorBoundary key={`${key} ${shown}`} name={t(`inspector:tabs.${shown}`)}>
          {PICKED.includes(shown) && <AttemptPicker goal={goal} subject={subject} />}
          <Suspense fallback={<Skeleton lines={8} />}>
            <Part key={key} goal={goal} subject={subject} tab={shown} />
          </Suspense>
        </ErrorBoundary>
      </Tabs>
    </>
  );
});

/** What is selected, from every side. */
export function Inspector() {
  const selection = useView((view) => view.selection);
  const goal = useCalmGoal(selection);
  return (
    <aside className="inspector" aria-label={t('inspector')}>
      {goal ? <Sides goal={goal} selection={selection} /> : <Empty title={t('header.noGoal')} />}
    </aside>
  );
}

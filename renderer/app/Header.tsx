import { ChevronDown, Command as CommandIcon, Flag, Monitor, Moon, OctagonX, Sun } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, Suspense, useRef, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import { describeGoal } from '#protocol/model/goal/describe.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { keyLabel } from '../commands/keys.ts';
import { runCommand } from '../commands/registry.ts';
import { t } from '../i18n/index.ts';
import { useGoal, useGoalName } from '../store/shown.ts';
import { goTo, setTheme, showGoal, useView } from '../store/view-store.ts';
import { useWorld } from '../store/world-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { part } from '../ui/part.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { Line } from '../ui/Words.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import type { PickerEntry } from './PickerMenu.tsx';
import { useNeedsYou } from './Rail.tsx';

const PickerMenu = part(() => import('./PickerMenu.tsx').then((file) => file.PickerMenu));

/** A button that opens a menu to choose from; what the menu is made of is fetched when it is first opened, or later. */
function Picker({
  label,
  shown,
  entries,
}: {
  readonly label: string;
  readonly shown: ReactNode;
  readonly entries: readonly PickerEntry[];
}) {
  const [open, setOpen] = useState<'no' | 'pointer' | 'key'>('no');
  const button = useRef<HTMLButtonElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    setOpen('key');
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button bare picker"
        aria-haspopup="menu"
        aria-expanded={open !== 'no'}
        // A click without a button of a mouse is a key's.
        onClick={({ detail }) => setOpen(detail === 0 ? 'key' : 'pointer')}
        onKeyDown={onKeyDown}
      >
        <span className="unseen">{label}</span>
        {shown}
        <ChevronDown size={14} aria-hidden />
      </button>
      {open !== 'no' && (
        <ErrorBoundary name={label}>
          <Suspense>
            <PickerMenu
              label={label}
              button={button}
              entries={entries}
              byKey={open === 'key'}
              onClose={() => setOpen('no')}
            />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

function GoalEntry({ id }: { readonly id: string }) {
  const goal = useWorld((world) => world.goals[id] ?? null);
  const text = useGoalName(goal);
  if (!goal) return null;
  return (
    <>
      <StateMark standing={describeGoal(goal).standing} bare />
      <Line text={text} most={80} />
    </>
  );
}

function GoalPicker({ goal }: { readonly goal: Goal | null }) {
  const text = useGoalName(goal);
  const ids = useWorld(
    useShallow((world) =>
      Object.values(world.goals)
        .filter((each) => each.status !== null)
        .sort((one, other) => other.statedAt - one.statedAt)
        .map((each) => each.id),
    ),
  );
  const shown = goal ? (
    <>
      <StateMark standing={describeGoal(goal).standing} bare />
      <Line text={text} most={90} />
    </>
  ) : (
    <span className="quiet">{t('header.noGoal')}</span>
  );
  const goals = (ids ?? []).slice(0, 50).map((id) => ({
    key: id,
    shown: <GoalEntry id={id} />,
    onChoose: () => showGoal(id),
  }));
  const compose = { key: 'new', shown: t('header.newGoal'), onChoose: () => void runCommand('goal.compose') };
  return <Picker label={t('header.goal')} shown={shown} entries={[...goals, compose]} />;
}

function ProjectPicker({ project }: { readonly project: string | null }) {
  const projects = useWorld((world) => world.projects) ?? {};
  const name = projects[project ?? '']?.name;
  const newestGoalOf = useWorld((world) => world.goals) ?? {};
  const show = (id: string) => {
    const goals = Object.values(newestGoalOf).filter((goal) => goal.project === id && goal.status !== null);
    showGoal(goals.sort((one, other) => other.statedAt - one.statedAt)[0]?.id ?? null);
  };
  const entries = Object.values(projects).map((each) => ({
    key: each.id,
    shown: (
      <>
        <Line text={each.name} most={60} />
        <small className="line-of-text">{each.path}</small>
      </>
    ),
    onChoose: () => show(each.id),
  }));
  const add = { key: 'add', shown: t('header.addProject'), onChoose: () => goTo('start') };
  const shown = <Line text={name ?? t('header.noProject')} most={40} />;
  return <Picker label={t('header.project')} shown={shown} entries={[...entries, add]} />;
}

function Progress({ goal }: { readonly goal: Goal }) {
  const tasks = Object.values(goal.tasks).filter((task) => task.kind === 'work' && task.status !== 'cancelled');
  const done = tasks.filter((task) => task.status === 'done').length;
  if (tasks.length === 0) return null;
  const label = t('header.progress', { done, total: tasks.length });
  return (
    <span className="row progress figures" title={label}>
      <progress max={tasks.length} value={done} aria-label={label} />
      {done}/{tasks.length}
    </span>
  );
}

function Spend({ goal }: { readonly goal: Goal }) {
  const node = useWorld((world) => world.budgets.nodes[`goal/${goal.id}`] ?? null);
  const spent = formatUsd(node?.spent ?? 0);
  const cap = formatUsd(node?.cap ?? goal.limits.goalNanos);
  return (
    <button
      type="button"
      className="button bare figures"
      title={t('header.spend', { spent, cap })}
      onClick={() => goTo('cost')}
    >
      {spent} / {cap}
    </button>
  );
}

const THEMES = ['system', 'light', 'dark'] as const;
const THEME_ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

function ThemeButton() {
  const theme = useView((view) => view.theme);
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return <IconButton icon={THEME_ICONS[theme]} name={t(`header.theme.${theme}`)} onClick={() => setTheme(next)} />;
}

/** The line above everything: where one is, how it stands, what it costs, and the way to stop it. */
export function Header() {
  const goal = useGoal();
  const needsYou = useNeedsYou();
  const flag = needsYou > 0 ? t('header.inbox', { count: needsYou }) : t('header.nothing');
  return (
    <header className="header">
      <h1 className="brand">AIOS</h1>
      <ProjectPicker project={goal?.project ?? null} />
      <GoalPicker goal={goal} />
      {goal && <Progress goal={goal} />}
      {goal?.ledger === 'rehearsal' && <span className="chip demo">{t('header.demo')}</span>}
      <span className="grow" />
      <span className="chip" title={t('header.profile', { name: 'embedded' })}>
        <span aria-hidden>●</span> embedded
      </span>
      {goal && <Spend goal={goal} />}
      <Button look="danger" icon={OctagonX} onClick={() => void runCommand('window.stop-all')}>
        {t('header.stopAll')}
      </Button>
      <IconButton
        icon={CommandIcon}
        name={t('header.palette')}
        hint={keyLabel('mod+k')}
        onClick={() => void runCommand('window.palette')}
      />
      <ThemeButton />
      <button
        type="button"
        className="button bare figures flag"
        data-some={needsYou > 0}
        title={flag}
        onClick={() => goTo('inbox')}
      >
        <Flag size={16} aria-hidden /> <span aria-hidden>{needsYou}</span>
        <span className="unseen">{flag}</span>
      </button>
    </header>
  );
}

import { FolderGit2, KeyRound, Play, RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { Finding } from '#protocol/contract/system.ts';
import { formatUsd } from '#protocol/model/money.ts';
import { t } from '../../i18n/index.ts';
import { send } from '../../store/send.ts';
import { useQuery } from '../../store/use-query.ts';
import { goTo, setOverlay, showGoal } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { StateMark } from '../../ui/StateMark.tsx';
import { FaultBox, Skeleton } from '../../ui/States.tsx';
import { Line } from '../../ui/Words.tsx';
import { changeDraft } from '../composer/draft.ts';
import { FolderPicker } from '../composer/FolderPicker.tsx';
import './start.css';

/** The first goal is small and cheap: one agent, at most one dollar. */
const FIRST_GOAL = { who: 'backend', cap: '1', mode: 'go' } as const;
const MARKS = { ok: 'done', warning: 'needs-you', missing: 'idle', broken: 'failed' } as const;

function Machine({ findings }: { readonly findings: readonly Finding[] }) {
  return (
    <ul className="bare start-findings">
      {findings.map((finding) => (
        <li key={finding.name}>
          <StateMark standing={MARKS[finding.state]} bare />
          <span className="unseen">{t(`start:state.${finding.state}`)}</span>
          <strong>{finding.name}</strong>
          <span className="start-detail">
            <Line text={finding.detail} />
            {finding.next !== '' && (
              <small>
                <Line text={finding.next} />
              </small>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

function DemoCard() {
  const [busy, setBusy] = useState(false);
  const done = useWorld((world) =>
    Object.values(world.goals).some((goal) => goal.ledger === 'rehearsal' && goal.status === 'accepted'),
  );
  const spent =
    useWorld((world) =>
      Object.values(world.goals).reduce(
        (most, goal) =>
          goal.ledger === 'rehearsal' ? Math.max(most, world.budgets.nodes[`goal/${goal.id}`]?.spent ?? 0) : most,
        0,
      ),
    ) ?? 0;
  const play = async () => {
    setBusy(true);
    const started = await send((client) => client.setup.demo({ script: 'crew' }));
    setBusy(false);
    if (!started.ok) return;
    showGoal(started.value.goal);
    goTo('graph');
  };
  return (
    <section className="panel start-card">
      <h2>{t('start:demo')}</h2>
      <p>{t('start:demoWhy')}</p>
      <p className="quiet">{t('start:sabotage')}</p>
      <div>
        <Button icon={Play} disabled={busy} onClick={() => void play()}>
          {busy ? t('start:demoStarting') : t('start:demoStart')}
        </Button>
      </div>
      {done && (
        <div className="column">
          <strong>{t('start:demoDone')}</strong>
          <p>{t('start:demoReal', { usd: formatUsd(spent) })}</p>
          <div>
            <Button onClick={() => setOverlay({ kind: 'composer' })}>{t('start:forReal')}</Button>
          </div>
        </div>
      )}
    </section>
  );
}

function WorkCard({ modelReady }: { readonly modelReady: boolean }) {
  const [picking, setPicking] = useState(false);
  const choose = (path: string) => {
    setPicking(false);
    changeDraft({ path, ...FIRST_GOAL });
    setOverlay({ kind: 'composer' });
  };
  return (
    <section className="panel start-card">
      <h2>{t('start:work')}</h2>
      <p>{t('start:workWhy')}</p>
      {!modelReady && (
        <div className="column">
          <p className="quiet">{t('start:noModel')}</p>
          <div>
            <Button icon={KeyRound} onClick={() => goTo('settings')}>
              {t('start:toSettings')}
            </Button>
          </div>
        </div>
      )}
      <div>
        <Button look={modelReady ? 'primary' : 'normal'} icon={FolderGit2} onClick={() => setPicking(true)}>
          {t('start:choose')}
        </Button>
      </div>
      {picking && <FolderPicker from="" onChoose={choose} onClose={() => setPicking(false)} />}
    </section>
  );
}

function Projects() {
  const projects = useWorld((world) => world.projects) ?? {};
  const goals = useWorld((world) => world.goals) ?? {};
  const all = Object.values(projects).filter((project) => project.path !== '');
  if (all.length === 0) return null;
  const goalsOf = (id: string) =>
    Object.values(goals)
      .filter((goal) => goal.project === id && goal.status !== null)
      .sort((one, other) => other.statedAt - one.statedAt);
  const open = (id: string, path: string) => {
    const newest = goalsOf(id)[0];
    if (newest) {
      showGoal(newest.id);
      goTo('graph');
      return;
    }
    changeDraft({ path });
    setOverlay({ kind: 'composer' });
  };
  return (
    <section className="panel start-card">
      <h2>{t('start:projects')}</h2>
      <ul className="bare">
        {all.map((project) => {
          const count = goalsOf(project.id).length;
          return (
            <li key={project.id} className="row start-project">
              <strong>
                <Line text={project.name} most={60} />
              </strong>
              <small className="line-of-text grow mono">{project.path}</small>
              <small className="figures">{count === 0 ? t('start:noGoals') : t('start:goals', { count })}</small>
              <Button onClick={() => open(project.id, project.path)}>{t('start:open')}</Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** Where one begins: what the machine has, a repository, or the demo crew. */
export default function StartView() {
  const { answer, again } = useQuery((client) => client.system.doctor(), 'doctor');
  const findings = answer?.ok ? answer.value : [];
  const secrets = useQuery((client) => client.settings.secrets(), 'secrets').answer;
  const keySet = secrets?.ok === true && secrets.value.some((secret) => secret.state !== 'missing');
  const login = findings.find((finding) => finding.name === 'Login');
  return (
    <div className="start">
      <header>
        <h1>{t('start:title')}</h1>
        <p className="quiet">{t('start:lead')}</p>
      </header>
      <div className="start-columns">
        <div className="column start-main">
          <WorkCard modelReady={keySet || login?.state === 'ok'} />
          <DemoCard />
          <Projects />
        </div>
        <section className="panel start-card">
          <div className="row">
            <h2 className="grow">{t('start:machine')}</h2>
            <IconButton icon={RefreshCw} name={t('start:again')} onClick={again} />
          </div>
          {answer === null && <Skeleton lines={8} />}
          {answer?.ok === false && <FaultBox fault={answer.error} />}
          <Machine findings={findings} />
        </section>
      </div>
    </div>
  );
}

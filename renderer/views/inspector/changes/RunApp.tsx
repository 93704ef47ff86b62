import { ExternalLink, Play, Square } from 'lucide-react';
import type { RunningApp } from '#protocol/contract/review.ts';
import { t } from '../../../i18n/index.ts';
import { send } from '../../../store/send.ts';
import { useQuery } from '../../../store/use-query.ts';
import { plain } from '../../../text/plain.ts';
import { Button } from '../../../ui/Button.tsx';
import type { Scope } from './FileChanges.tsx';
import { isLocalPage } from './local-page.ts';

function App({ app, onChanged }: { readonly app: RunningApp; readonly onChanged: () => void }) {
  const stop = async () => {
    await send((client) => client.review.stopApp({ app: app.id }));
    onChanged();
  };
  return (
    <li className="change-app">
      <div className="row">
        <span className="chip">{t(`inspector:app.${app.state}`, { code: app.exitCode ?? '?' })}</span>
        <code className="grow line-of-text">{plain(app.url, 200)}</code>
        {app.state === 'up' && isLocalPage(app.url) && (
          <Button icon={ExternalLink} onClick={() => window.open(app.url, '_blank', 'noopener')}>
            {t('inspector:app.open')}
          </Button>
        )}
        {app.state !== 'ended' && (
          <Button icon={Square} onClick={() => void stop()}>
            {t('inspector:app.stop')}
          </Button>
        )}
      </div>
      {app.output !== '' && <pre className="change-output">{plain(app.output, 4_000)}</pre>}
    </li>
  );
}

/** What runs of this work: the project's own command, on a port of its own. */
export function Apps({ scope, round }: { readonly scope: Scope; readonly round: number }) {
  const { answer, again } = useQuery((client) => client.review.apps(), `apps ${round}`);
  const mine = answer?.ok
    ? answer.value.filter(({ goal, attempt }) => goal === scope.goal && attempt === scope.attempt)
    : [];
  if (mine.length === 0) return null;
  return (
    <ul className="bare">
      {mine.map((app) => (
        <App key={app.id} app={app} onChanged={again} />
      ))}
    </ul>
  );
}

/** Starts the project's command in this work. */
export function RunAppButton({ scope, onStarted }: { readonly scope: Scope; readonly onStarted: () => void }) {
  const start = async () => {
    const started = await send((client, command) => client.review.runApp({ ...scope, command }));
    if (started.ok) onStarted();
  };
  return (
    <Button icon={Play} onClick={() => void start()}>
      {t('inspector:app.run')}
    </Button>
  );
}

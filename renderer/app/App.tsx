import { type ComponentType, Suspense, useEffect, useState } from 'react';
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels';
import { listenToKeys } from '../commands/keys.ts';
import { t } from '../i18n/index.ts';
import { syncRoute } from '../store/route.ts';
import { useView } from '../store/view-store.ts';
import { useLink, useWorld } from '../store/world-store.ts';
import { part } from '../ui/part.tsx';
import { Skeleton } from '../ui/States.tsx';
import { ReplayBar } from '../views/runs/ReplayBar.tsx';
import { Announcer } from './Announcer.tsx';
import { Banner } from './Banner.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { Header } from './Header.tsx';
import { Login } from './Login.tsx';
import { Notices } from './Notices.tsx';
import { Overlays } from './Overlays.tsx';
import { Rail } from './Rail.tsx';
import { useAppearance } from './theme.ts';
import { VIEW_PARTS } from './views.ts';
import './frame.css';
import './commands.ts';

const Inspector = part(() => import('../views/inspector/index.tsx').then((file) => file.Inspector));

/** The view that is open, with the inspector where it belongs. A view that throws takes nothing else with it. */
function Body() {
  const view = useView((state) => state.view);
  const open = useView((state) => state.inspectorOpen);
  const { Body: Shown, inspector } = VIEW_PARTS[view];
  const beside = inspector && open;
  const layout = useDefaultLayout({
    id: 'aios.panes',
    panelIds: beside ? ['view', 'inspector'] : ['view'],
    storage: localStorage,
  });
  return (
    <Group
      className="body"
      orientation="horizontal"
      defaultLayout={layout.defaultLayout}
      onLayoutChanged={layout.onLayoutChanged}
    >
      <Panel id="view" minSize="40%" className="pane">
        <main className="view" aria-label={t(`views.${view}`)}>
          <ErrorBoundary key={view} name={t(`views.${view}`)}>
            <Suspense fallback={<Skeleton lines={6} />}>
              <Shown />
            </Suspense>
          </ErrorBoundary>
        </main>
      </Panel>
      {beside && <Separator className="split" />}
      {beside && (
        <Panel id="inspector" defaultSize="30%" minSize="260px" className="pane">
          <ErrorBoundary name={t('inspector')}>
            <Suspense>
              <Inspector />
            </Suspense>
          </ErrorBoundary>
        </Panel>
      )}
    </Group>
  );
}

function Window() {
  const known = useWorld((world) => world.sequence >= 0) ?? false;
  const link = useLink();
  useEffect(listenToKeys, []);
  useEffect(syncRoute, []);
  return (
    <div className="frame">
      <Header />
      <Banner />
      <div className="middle">
        <Rail />
        {known ? (
          <Body />
        ) : (
          <main className="view waiting">{link.state === 'offline' ? null : <Skeleton lines={8} />}</main>
        )}
      </div>
      {known && <ReplayBar />}
      <ErrorBoundary name={t('palette.title')}>
        <Overlays />
      </ErrorBoundary>
      <Notices />
      <Announcer />
    </div>
  );
}

/** Nothing is explained to whoever has not moved yet; where what explains cannot be fetched, the next move tries again. */
function TipsOnceMoved() {
  const [Tips, setTips] = useState<ComponentType | null>(null);
  useEffect(() => {
    if (Tips) return;
    const move = () => {
      import('../ui/Tips.tsx').then(
        (file) => setTips(() => file.Tips),
        () => undefined,
      );
    };
    document.addEventListener('pointerover', move);
    document.addEventListener('focusin', move);
    return () => {
      document.removeEventListener('pointerover', move);
      document.removeEventListener('focusin', move);
    };
  }, [Tips]);
  return Tips && <Tips />;
}

/** The whole page: login, or the control center. */
export function App() {
  const link = useLink();
  useAppearance();
  if (link.state === 'login') return <Login refused={link.refused} />;
  return (
    <>
      <Window />
      <TipsOnceMoved />
    </>
  );
}

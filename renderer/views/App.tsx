import { useLink, useWorld } from '../store/world-store.ts';
import { Goals } from './Goals.tsx';
import { GoalView } from './GoalView.tsx';
import { Header } from './Header.tsx';
import { Inbox } from './Inbox.tsx';
import { Login } from './Login.tsx';
import { Notice } from './Notice.tsx';

/** The whole page: login, or the control center. */
export function App() {
  const link = useLink();
  const known = useWorld((world) => world.sequence >= 0) ?? false;
  if (link.state === 'login') return <Login refused={link.refused} />;
  return (
    <>
      <Header />
      <Notice />
      {known ? (
        <main className="columns">
          <Goals />
          <GoalView />
          <Inbox />
        </main>
      ) : (
        <main className="blank">{link.state === 'offline' ? 'The orchestrator does not answer.' : 'Connecting…'}</main>
      )}
    </>
  );
}

import './connection/early.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { leadFirstRun } from './app/first-run.ts';
import { loadFirstView, loadOtherViewsLater } from './app/views.ts';
import { startConnection } from './connection/connection.ts';
import { startDesktopEvents } from './platform/desktop-events.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';

const root = document.getElementById('root');
if (root) {
  loadFirstView();
  leadFirstRun();
  void startConnection();
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  startDesktopEvents();
  loadOtherViewsLater();
}

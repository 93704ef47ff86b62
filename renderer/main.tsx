import './connection/early.ts';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { leadFirstRun } from './app/first-run.ts';
import { loadOverlays } from './app/Overlays.tsx';
import { loadFirstView } from './app/views.ts';
import { startConnection } from './connection/connection.ts';
import { startDesktopEvents } from './platform/desktop-events.ts';
import './styles/tokens.css';
import './styles/base.css';
import './styles/ui.css';

/** Until then the page has drawn its first view, and has time for what may be asked for later. */
const DRAWN_WITHIN_MS = 2_000;

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
  setTimeout(() => requestIdleCallback(loadOverlays), DRAWN_WITHIN_MS);
}

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startConnection } from './connection/connection.ts';
import './styles.css';
import './views.css';
import { App } from './views/App.tsx';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  startConnection();
}

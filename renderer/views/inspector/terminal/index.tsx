import { FitAddon } from '@xterm/addon-fit';
import { Terminal as Screen } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import type { Fault } from '#protocol/model/fault.ts';
import type { Attempt, Goal } from '#protocol/model/goal/state.ts';
import { ATTEMPT_OVER } from '#protocol/model/goal/status.ts';
import { t } from '../../../i18n/index.ts';
import { useView } from '../../../store/view-store.ts';
import { useIsPast, useLink } from '../../../store/world-store.ts';
import { Button } from '../../../ui/Button.tsx';
import { Empty, FaultBox } from '../../../ui/States.tsx';
import { attachTerminal, closeTerminal, forgetTerminal } from './session.ts';
import { withNonce } from './with-nonce.ts';
import '@xterm/xterm/css/xterm.css';
import './terminal.css';

/** The terminal's colours, from the theme. */
function themeNow() {
  const styles = getComputedStyle(document.documentElement);
  const token = (name: string) => styles.getPropertyValue(name).trim();
  return {
    background: token('--sunk'),
    foreground: token('--text'),
    cursor: token('--accent'),
    selectionBackground: token('--selected'),
    red: token('--failed'),
    green: token('--done'),
    yellow: token('--needs-you'),
    blue: token('--accent'),
    cyan: token('--running'),
    brightBlack: token('--quiet'),
  };
}

type Ended = { readonly code: number | null } | { readonly fault: Fault } | null;

function Shell({
  goal,
  attempt,
  onEnd,
}: {
  readonly goal: string;
  readonly attempt: string;
  readonly onEnd: (ended: Ended) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const theme = useView((view) => view.theme);
  const screen = useRef<Screen | null>(null);
  const tell = useRef(onEnd);
  tell.current = onEnd;
  useEffect(() => {
    const { current: here } = place;
    if (!here) return;
    const styles = getComputedStyle(document.documentElement);
    const shown = new Screen({
      fontFamily: styles.getPropertyValue('--mono').trim(),
      fontSize: 12,
      scrollback: 5_000,
      screenReaderMode: false,
      theme: themeNow(),
      // What a program prints never becomes something to click.
      linkHandler: { activate: () => undefined },
    });
    const fit = new FitAddon();
    shown.loadAddon(fit);
    withNonce(() => shown.open(here));
    fit.fit();
    screen.current = shown;
    const session = attachTerminal(
      { goal, attempt, columns: Math.max(2, shown.cols), rows: Math.max(2, shown.rows) },
      {
        onData: (data) => shown.write(data),
        onEnded: (code) => {
          forgetTerminal(attempt);
          tell.current({ code });
        },
        onFault: (fault) => tell.current({ fault }),
      },
    );
    const typing = shown.onData((data) => session.write(data));
    const sizing = shown.onResize(({ cols, rows }) => session.resize(cols, rows));
    const watched = new ResizeObserver(() => fit.fit());
    watched.observe(here);
    shown.focus();
    return () => {
      watched.disconnect();
      typing.dispose();
      sizing.dispose();
      session.detach();
      shown.dispose();
      screen.current = null;
    };
  }, [goal, attempt]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read when the theme changes
  useEffect(() => {
    if (screen.current) screen.current.options.theme = themeNow();
  }, [theme]);
  return <div ref={place} className="terminal-place" />;
}

/** The CEO's own shell in the workspace of an attempt. It goes on while the page is closed. */
export default function TerminalTab({ goal, attempt }: { readonly goal: Goal; readonly attempt: Attempt | null }) {
  const [ended, setEnded] = useState<Ended>(null);
  const [round, setRound] = useState(0);
  const past = useIsPast();
  const online = useLink().state === 'online';
  if (past) return <Empty title={t('inspector:terminalPast')} />;
  if (!attempt?.workspace || ATTEMPT_OVER.has(attempt.status))
    return <Empty title={t('inspector:noWorkspace')}>{t('inspector:noWorkspaceWhy')}</Empty>;
  const again = () => {
    setEnded(null);
    setRound(round + 1);
  };
  return (
    <div className="inspect-fill terminal">
      {ended && 'fault' in ended && (
        <FaultBox fault={ended.fault}>
          <Button onClick={again}>{t('broken.again')}</Button>
        </FaultBox>
      )}
      {ended && 'code' in ended && (
        <p className="row change-note" role="status">
          <span className="grow">{t('inspector:shellEnded', { code: ended.code ?? '?' })}</span>
          <Button onClick={again}>{t('inspector:newShell')}</Button>
        </p>
      )}
      {online && !(ended && 'fault' in ended) && (
        <Shell key={`${attempt.id} ${round}`} goal={goal.id} attempt={attempt.id} onEnd={setEnded} />
      )}
      {!ended && (
        <p className="row terminal-foot">
          <small className="grow">{t('inspector:terminalWhat')}</small>
          <Button look="bare" onClick={() => void closeTerminal(attempt.id).then(again)}>
            {t('inspector:restartShell')}
          </Button>
        </p>
      )}
    </div>
  );
}

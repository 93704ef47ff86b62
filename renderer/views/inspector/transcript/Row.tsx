import {
  Bot,
  Brain,
  ChevronDown,
  ChevronRight,
  CircleAlert,
  Copy,
  Eye,
  FileDiff,
  Flag,
  Globe,
  type LucideIcon,
  Network,
  OctagonX,
  PencilLine,
  Play,
  Search,
  SquareTerminal,
  Wrench,
} from 'lucide-react';
import { useState } from 'react';
import { callTitle } from '#protocol/agent/call-title.ts';
import { t } from '../../../i18n/index.ts';
import { plainLine } from '../../../text/plain.ts';
import { clockTime } from '../../../text/time.ts';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { copyText } from '../../../ui/copy.ts';
import { Line, Prose } from '../../../ui/Words.tsx';
import { editedFile, TEXT_STEP, type TranscriptRow } from './fold.ts';

const KINDS: Readonly<Record<string, LucideIcon>> = {
  read: Eye,
  search: Search,
  edit: PencilLine,
  shell: SquareTerminal,
  web: Globe,
  aios: Network,
  other: Wrench,
};

/** A long text a step at a time: what is not shown is not laid out. */
function Long({ text, code }: { readonly text: string; readonly code: boolean }) {
  const [most, setMost] = useState(TEXT_STEP);
  const left = text.length - most;
  return (
    <>
      {code ? (
        <pre className="script-text">
          <Prose text={text} most={most} />
        </pre>
      ) : (
        <div className="script-text">
          <Prose text={text} most={most} />
        </div>
      )}
      {left > 0 && (
        <Button onClick={() => setMost(most + TEXT_STEP)}>
          {t('inspector:more', { count: Math.ceil(left / 1_000) })}
        </Button>
      )}
    </>
  );
}

function Block({ name, text }: { readonly name: string; readonly text: string }) {
  return (
    <div className="script-block">
      <div className="row">
        <small className="grow">{name}</small>
        <IconButton icon={Copy} name={t('inspector:copyThis', { what: name })} onClick={() => copyText(text)} />
      </div>
      <Long text={text} code />
    </div>
  );
}

/** One line that can be opened. */
function Folding({
  icon: Icon,
  title,
  state,
  at,
  open,
  onToggle,
  children,
}: {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly state?: string | undefined;
  readonly at: number;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly children: React.ReactNode;
}) {
  const Arrow = open ? ChevronDown : ChevronRight;
  return (
    <>
      <button type="button" className="script-fold" aria-expanded={open} onClick={onToggle}>
        <Arrow size={14} aria-hidden />
        <Icon size={14} aria-hidden />
        <span className="grow line-of-text">
          <Line text={title} />
        </span>
        {state !== undefined && <span className="script-state">{state}</span>}
        <time className="figures quiet">{clockTime(at)}</time>
      </button>
      {open && <div className="script-open">{children}</div>}
    </>
  );
}

/** What opening and closing, and going to a change, need. */
export interface RowActions {
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly workspace: string | null;
  readonly onShowChange: (file: string) => void;
}

/** One row of a transcript. */
export function Row({ row, open, onToggle, workspace, onShowChange }: { readonly row: TranscriptRow } & RowActions) {
  const { at } = row;
  if (row.row === 'call') {
    const { call, result } = row;
    const file = editedFile(call, workspace);
    const state = result === null ? t('inspector:callRuns') : result.ok ? undefined : t('inspector:callFailed');
    return (
      <Folding
        icon={KINDS[call.kind] ?? Wrench}
        title={callTitle(call, workspace)}
        state={state}
        at={at}
        open={open}
        onToggle={onToggle}
      >
        {file !== null && (
          <Button icon={FileDiff} onClick={() => onShowChange(file)}>
            {t('inspector:showChange', { file: plainLine(file, 80) })}
          </Button>
        )}
        <Block name={t('inspector:input')} text={call.input} />
        {result && <Block name={result.ok ? t('inspector:result') : t('inspector:callFailed')} text={result.output} />}
      </Folding>
    );
  }
  const { event } = row;
  switch (event.type) {
    case 'text':
      return (
        <div className="script-said">
          <Long text={event.text} code={false} />
        </div>
      );
    case 'thinking':
      return (
        <Folding
          icon={Brain}
          title={t('inspector:thinking', { text: plainLine(event.text, 120) })}
          {...{ at, open, onToggle }}
        >
          <Long text={event.text} code={false} />
        </Folding>
      );
    case 'started':
      return <Mark icon={Play} at={at} words={t('inspector:started', { count: event.loaded.tools.length })} />;
    case 'finished':
      return <Mark icon={Flag} at={at} words={t(`inspector:finished.${event.reason}`)} />;
    case 'denied':
      return (
        <Mark
          icon={OctagonX}
          at={at}
          tone="failed"
          words={t('inspector:denied', { what: plainLine(event.title), why: plainLine(event.reason) })}
        />
      );
    case 'deferred':
      return (
        <Mark
          icon={Bot}
          at={at}
          tone="needs-you"
          words={t(`inspector:deferred.${event.call.kind}`, { what: plainLine(event.call.title) })}
        />
      );
    case 'failed':
      return (
        <Mark
          icon={CircleAlert}
          at={at}
          tone="failed"
          words={`${plainLine(event.fault.what)} ${plainLine(event.fault.why)}`}
        />
      );
  }
}

function Mark({
  icon: Icon,
  words,
  at,
  tone,
}: {
  readonly icon: LucideIcon;
  readonly words: string;
  readonly at: number;
  readonly tone?: string;
}) {
  return (
    <p className="script-mark" data-tone={tone}>
      <Icon size={14} aria-hidden />
      <span className="grow">
        <bdi>{words}</bdi>
      </span>
      <time className="figures quiet">{clockTime(at)}</time>
    </p>
  );
}

import { CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { NumberedEvent } from '#protocol/contract/feed.ts';
import type { Goal } from '#protocol/model/goal/state.ts';
import { t } from '../../i18n/index.ts';
import { useText } from '../../store/shown.ts';
import { useWorld } from '../../store/world-store.ts';
import { plain } from '../../text/plain.ts';
import { fullTime } from '../../text/time.ts';
import { Empty, FaultBox } from '../../ui/States.tsx';
import { Ago } from '../../ui/Words.tsx';
import { useHistory } from './history/events.ts';
import { attemptsOf, type Subject } from './subject.ts';

const RESULTS = ['passed', 'failed', 'none', 'conflict', 'error', 'empty'] as const;
type ResultWord = (typeof RESULTS)[number];
/** Longest output that is laid out: its end, where the reason stands. */
const OUTPUT = 40_000;

interface Verification {
  readonly key: string;
  readonly result: string;
  readonly exitCode: number | null;
  readonly commit: string | null;
  readonly at: number | null;
  readonly output: string;
  readonly attempt: string | null;
}

function ofEvent(event: NumberedEvent): Verification {
  const data = event.data as Readonly<Record<string, unknown>> & { readonly output?: { readonly id: string } | null };
  return {
    key: event.id,
    result: String(data['result']),
    exitCode: typeof data['exitCode'] === 'number' ? data['exitCode'] : null,
    commit: typeof data['commit'] === 'string' ? data['commit'] : null,
    at: event.at,
    output: event.texts[data.output?.id ?? ''] ?? '',
    attempt: typeof data['attempt'] === 'string' ? data['attempt'] : null,
  };
}

function Verdict({ check, goal, open }: { readonly check: Verification; readonly goal: Goal; readonly open: boolean }) {
  const word: ResultWord = RESULTS.find((each) => each === check.result) ?? 'error';
  const good = word === 'passed';
  const neutral = word === 'none' || word === 'empty';
  const Icon = good ? CircleCheck : neutral ? CircleDashed : CircleAlert;
  const attempt = goal.attempts[check.attempt ?? ''];
  const cut = check.output.length - OUTPUT;
  return (
    <details className="check" open={open}>
      <summary className="row">
        <span className="mark" data-standing={good ? 'done' : neutral ? 'waiting' : 'failed'}>
          <Icon size={14} aria-hidden /> {t(`inspector:check.${word}`)}
        </span>
        {check.exitCode !== null && <code>{t('inspector:exitCode', { code: check.exitCode })}</code>}
        {attempt && <small>{t('inspector:attemptNumber', { number: attempt.number })}</small>}
        <span className="grow" />
        {check.commit && <code>{check.commit.slice(0, 8)}</code>}
        {check.at !== null && (
          <small className="figures" title={fullTime(check.at)}>
            <Ago at={check.at} />
          </small>
        )}
      </summary>
      {check.output === '' ? (
        <p className="quiet">{t('inspector:noOutput')}</p>
      ) : (
        <>
          {cut > 0 && <p className="quiet">{t('inspector:outputCut', { count: Math.ceil(cut / 1_000) })}</p>}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
          <pre className="check-output" tabIndex={0}>
            {plain(cut > 0 ? check.output.slice(-OUTPUT) : check.output, OUTPUT)}
          </pre>
        </>
      )}
    </details>
  );
}

/** The last check as the state has it, for when the history cannot be had. */
function LastCheck({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const attempt = attemptsOf(goal, subject).findLast(({ check }) => check !== null);
  const output = useText(attempt?.check?.output);
  if (!attempt?.check) return null;
  const { result, exitCode } = attempt.check;
  return (
    <Verdict
      goal={goal}
      open
      check={{ key: attempt.id, result, exitCode, commit: attempt.commit, at: null, output, attempt: attempt.id }}
    />
  );
}

/** Verification runs of an item, newest first, each with its output. */
export function Checks({ goal, subject }: { readonly goal: Goal; readonly subject: Subject }) {
  const { events, fault, complete } = useHistory(goal.id);
  const command = useWorld((world) => world.projects[goal.project]?.verify ?? null);
  const attempts = new Set(attemptsOf(goal, subject).map(({ id }) => id));
  const whole = subject.kind === 'goal';
  const checks = events
    .filter(({ type }) => type === 'check.ended' || type === 'goal.check-ended')
    .map(ofEvent)
    .filter(({ attempt }) => (whole ? attempt === null : attempt !== null && attempts.has(attempt)))
    .reverse();
  const running = attemptsOf(goal, subject).some(({ status }) => status === 'verifying');
  return (
    <div className="inspect-page">
      <p>
        {command === null ? (
          <span className="quiet">{t('inspector:noVerify')}</span>
        ) : (
          <>
            {t('inspector:verify')} <code>{plain(command, 500)}</code>
          </>
        )}
      </p>
      {(running || (whole && goal.status === 'verifying')) && (
        <p className="mark" data-standing="running" role="status">
          <CircleDashed size={14} aria-hidden /> {t('inspector:checking')}
        </p>
      )}
      {fault && (
        <>
          <LastCheck goal={goal} subject={subject} />
          <FaultBox fault={fault} />
        </>
      )}
      {checks.map((check, index) => (
        <Verdict key={check.key} goal={goal} check={check} open={index === 0} />
      ))}
      {complete && checks.length === 0 && !fault && (
        <Empty title={t('inspector:noChecks')}>{t('inspector:noChecksWhy')}</Empty>
      )}
    </div>
  );
}

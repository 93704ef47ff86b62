import type { AgentEvent } from '#protocol/agent/event.ts';
import { faultOf } from '#protocol/model/fault.ts';

/** The terminal event of a run that went wrong. */
export type Failure = Extract<AgentEvent, { type: 'failed' }>;

/** What is known of an error: the HTTP status of the model call, if any, and the words that came with it. */
export interface Trouble {
  readonly status: number | null;
  /** The agent's own class of the error, where it gives one. */
  readonly category?: string | undefined;
  readonly detail: string;
}

const LOST_SESSION = /no conversation found|session (?:id )?.*not found/i;
const NOT_LOGGED_IN = /not logged in|please run \/login|invalid api key/i;

function failed(kind: Failure['kind'], tag: string, what: string, why: string, next: string): Failure {
  return { type: 'failed', kind, fault: faultOf(tag, what, why.slice(0, 2000), next) };
}

/** The model endpoint did not accept us; repeating it would change nothing. */
export function isLoginTrouble(trouble: Trouble): boolean {
  if (trouble.status === 401 || trouble.status === 403) return true;
  return trouble.category === 'authentication_failed' || NOT_LOGGED_IN.test(trouble.detail);
}

/** The gateway ends a turn with 402 whatever is wrong, and says in the message when it is not the budget. */
const NOT_THE_BUDGET = / ?\[aios_upstream_(login|[a-z]+)\]/;

/** Maps trouble to the kinds the engine knows. */
export function failureOf(trouble: Trouble): Failure {
  const sign = NOT_THE_BUDGET.exec(trouble.detail);
  if (sign) {
    const detail = trouble.detail.replace(NOT_THE_BUDGET, '');
    return failureOf({ status: sign[1] === 'login' ? 401 : null, detail });
  }
  const why = trouble.detail;
  if (trouble.status === 402)
    return failed(
      'budget',
      'budget-refused',
      'The budget does not cover the next model call.',
      why,
      'Raise the budget and resume the run.',
    );
  if (LOST_SESSION.test(why))
    return failed(
      'session-lost',
      'session-lost',
      'The earlier session cannot be resumed.',
      why,
      'Start a new session from the handoff packet.',
    );
  if (isLoginTrouble(trouble))
    return failed(
      'login',
      'login-refused',
      'The model endpoint refused the credentials.',
      why,
      'Check the key or log in, then resume the run.',
    );
  return failed(
    'upstream',
    'model-failed',
    'The model endpoint failed.',
    why,
    'Resume the run when the endpoint answers again.',
  );
}

/** The agent process ended without a result. No result is a failure, whatever the exit code says. */
export function crashOf(detail: string): Failure {
  if (LOST_SESSION.test(detail)) return failureOf({ status: null, detail });
  return failed(
    'crashed',
    'agent-crashed',
    'The agent process ended without a result.',
    detail,
    'Resume the run; its session is kept.',
  );
}

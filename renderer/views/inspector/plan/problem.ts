import { t } from '../../../i18n/index.ts';
import { plainLine } from '../../../text/plain.ts';
import type { FormProblem } from './form.ts';

/** What is wrong with a form, in a sentence. */
export function problemText(problem: FormProblem): string {
  if (problem.kind !== 'number') return t(`plan:problem.${problem.kind}`);
  const { text, least, most } = problem;
  return t('plan:problem.number', { text: plainLine(text, 40), least, most });
}

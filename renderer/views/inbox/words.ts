import type { Answer, ItemKind } from '#protocol/model/goal/parts.ts';
import { t } from '../../i18n/index.ts';

/** What an answer is called for this kind of item. */
export function wordOf(kind: ItemKind, said: Answer): string {
  const own = kind === 'plan' || kind === 'gate' || kind === 'review' || kind === 'plan-edit' ? kind : null;
  if (own !== null && (said === 'allow' || said === 'deny')) return t(`inbox:own.${own}.${said}`);
  if (kind === 'arbitration' && (said === 'reply' || said === 'deny')) return t(`negotiation:answer.${said}`);
  return t(`inbox:answer.${said}`);
}

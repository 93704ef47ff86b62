import type { ItemKind, Wait } from '#protocol/model/goal/parts.ts';
import type { Attempt } from '#protocol/model/goal/state.ts';
import type { PayloadRef } from '#protocol/model/payload.ts';
import type { Draft } from './draft.ts';

/** Puts an attempt to wait; when only the CEO can help, an inbox item says so. */
export function putToWait(
  draft: Draft,
  attempt: Attempt,
  wait: Omit<Wait, 'on' | 'toolUseId' | 'until'> & Partial<Wait>,
  item: { kind: ItemKind; title: string; detail: string | PayloadRef | null } | null,
): void {
  const given = item?.detail ?? null;
  const detail = typeof given === 'string' ? draft.text(given) : given;
  let on = wait.on ?? null;
  if (item) {
    on = draft.id('item');
    draft.emit({
      type: 'item.opened',
      item: on,
      kind: item.kind,
      task: attempt.task,
      attempt: attempt.id,
      title: draft.context.keep(item.title),
      detail,
    });
  }
  draft.emit({
    type: 'attempt.waits',
    attempt: attempt.id,
    wait: { cause: wait.cause, owner: wait.owner, on, toolUseId: wait.toolUseId ?? null, until: wait.until ?? null },
    detail,
  });
}

import { create } from 'zustand';
import type { Answer } from '#protocol/model/goal/parts.ts';
import { t } from '../../i18n/index.ts';
import { tell, tellFault } from '../../store/notices.ts';
import { send } from '../../store/send.ts';
import { keepDraft, useView } from '../../store/view-store.ts';
import { worldNow } from '../../store/world-store.ts';
import { type Queued, queueOf, shownIn } from './queue.ts';
import { wordOf } from './words.ts';

/** Which item is looked at, and where it stood: the next one takes that place. */
export const useInbox = create<{ readonly item: string | null; readonly place: number; readonly narrowing: boolean }>(
  () => ({ item: null, place: 0, narrowing: false }),
);

/** The item that is shown now. */
export function shownNow(): Queued | null {
  const { item, place } = useInbox.getState();
  return shownIn(queueOf(worldNow()?.goals ?? {}), item, place);
}

/** Shows the item a number of places further on. */
export function moveBy(step: number): void {
  const queue = queueOf(worldNow()?.goals ?? {});
  const at = queue.findIndex((each) => each.item.id === shownNow()?.item.id);
  const place = Math.min(Math.max(at + step, 0), queue.length - 1);
  useInbox.setState({ item: queue[place]?.item.id ?? null, place: Math.max(place, 0), narrowing: false });
}

/** Where an item's unsent reply is kept. */
export const draftOf = (item: string): string => `inbox.${item}`;

/** Opens the pattern of "always", so that it is seen before it holds. */
export const narrow = (narrowing: boolean) => useInbox.setState({ narrowing });

/** Answers an item; the reply is kept until the answer was taken. */
export async function answer({ goal, item }: Queued, said: Answer, text: string): Promise<void> {
  if (said === 'reply' && text.trim() === '') {
    tellFault({ tag: 'empty-reply', what: t('inbox:needReply'), why: '', next: '' });
    return;
  }
  const answered = await send((client, command) =>
    client.goals.answer({ goal: goal.id, item: item.id, answer: said, text, command }),
  );
  if (!answered.ok) return;
  keepDraft(draftOf(item.id), '');
  narrow(false);
  tell(t('inbox:sent', { answer: wordOf(item.kind, said) }));
}

/** Gives an answer to the shown item if its kind takes it, with the reply that was typed. */
export function answerShown(said: Answer): void {
  const shown = shownNow();
  if (!shown) return;
  void answer(shown, said, useView.getState().drafts[draftOf(shown.item.id)] ?? '');
}

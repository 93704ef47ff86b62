import { app, type BrowserWindow, Notification, nativeImage } from 'electron';
import { follow, type Operations } from '#main/index.ts';
import type { World } from '#protocol/model/world.ts';
import { type Notice, noticesOf } from './notices.ts';
import { type Summary, summaryOf } from './summary.ts';
import { WORDS } from './words.ts';

/** Often enough to notice, seldom enough to cost nothing. */
const LOOK_EVERY_MS = 400;

/** Where attention is shown. */
export interface AttentionOptions {
  readonly window: () => BrowserWindow | null;
  readonly goTo: (hash: string) => void;
  readonly onSummary: (summary: Summary) => void;
  /** Picture laid over the icon where the system cannot show a number. */
  readonly badge: string;
}

const FIRST: Summary = { running: 0, needsYou: 0, spent: 0, busy: [] };

/** What was last summed up, and the end of following. */
export interface Attention {
  summary(): Summary;
  stop(): void;
}

function notify(notice: Notice, options: AttentionOptions, shown: Set<Notification>): void {
  // Who looks at the window sees it there.
  if (options.window()?.isFocused() || !Notification.isSupported()) return;
  const notification = new Notification({ title: notice.title, body: notice.body });
  // Kept until it is over: a notification nobody holds is collected, and its click with it.
  shown.add(notification);
  notification.on('click', () => options.goTo(notice.hash));
  notification.on('close', () => shown.delete(notification));
  notification.show();
}

function showBadge(count: number, options: AttentionOptions): void {
  app.setBadgeCount(count);
  if (process.platform !== 'win32') return;
  const picture = count === 0 ? null : nativeImage.createFromPath(options.badge);
  options.window()?.setOverlayIcon(picture, count === 0 ? '' : WORDS.inbox(count));
}

/** Follows the orchestrator and tells the CEO what needs them, failed or is done; keeps the badge. */
export function startAttention(operations: Operations, options: AttentionOptions): Attention {
  const ending = new AbortController();
  const shown = new Set<Notification>();
  let seen: World | null = null;
  let latest: World | null = null;
  let summary = FIRST;
  let timer: NodeJS.Timeout | null = null;

  function look(): void {
    timer = null;
    if (latest === null) return;
    // What was so before the shell started is no news.
    if (seen !== null) for (const notice of noticesOf(seen, latest)) notify(notice, options, shown);
    seen = latest;
    const next = summaryOf(latest);
    if (JSON.stringify(next) === JSON.stringify(summary)) return;
    summary = next;
    showBadge(next.needsYou, options);
    options.onSummary(next);
  }

  const follower = {
    onWorld(world: World) {
      latest = world;
      if (seen === null) look();
      else timer ??= setTimeout(look, LOOK_EVERY_MS);
    },
  };
  void follow(operations, follower, ending.signal);
  return {
    summary: () => summary,
    stop() {
      ending.abort();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

import { notify, usePage } from '../store/page-store.ts';

/** What went wrong with the last thing the CEO did: what, why, what next. */
export function Notice() {
  const notice = usePage((page) => page.notice);
  if (!notice) return null;
  return (
    <div className="banner" role="alert">
      <span>
        <strong>{notice.what}</strong> <bdi>{notice.why}</bdi> {notice.next} <code>{notice.tag}</code>
      </span>
      <button type="button" onClick={() => notify(null)}>
        Dismiss
      </button>
    </div>
  );
}

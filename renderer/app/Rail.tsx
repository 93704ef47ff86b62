import { openItems } from '#protocol/model/goal/describe.ts';
import { t } from '../i18n/index.ts';
import { goTo, useView, VIEWS, type View } from '../store/view-store.ts';
import { useWorld } from '../store/world-store.ts';
import { VIEW_PARTS } from './views.ts';

/** How many things wait for the CEO, in all goals. */
export function useNeedsYou(): number {
  return useWorld((world) => Object.values(world.goals).reduce((sum, goal) => sum + openItems(goal).length, 0)) ?? 0;
}

function Entry({ view, count }: { readonly view: View; readonly count: number }) {
  const current = useView((state) => state.view === view);
  const { icon: Icon } = VIEW_PARTS[view];
  return (
    <button type="button" className="rail-entry" aria-current={current ? 'page' : undefined} onClick={() => goTo(view)}>
      <Icon size={18} aria-hidden />
      <span>{t(`views.${view}`)}</span>
      {count > 0 && (
        <span className="badge figures">
          <span aria-hidden>{count}</span>
          <span className="unseen">{t('header.inbox', { count })}</span>
        </span>
      )}
    </button>
  );
}

/** The views, at the left. */
export function Rail() {
  const needsYou = useNeedsYou();
  return (
    <nav className="rail" aria-label="AIOS">
      {VIEWS.map((view) => (
        <Entry key={view} view={view} count={view === 'inbox' ? needsYou : 0} />
      ))}
    </nav>
  );
}

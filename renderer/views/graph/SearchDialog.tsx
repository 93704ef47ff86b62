import { useState } from 'react';
import { t } from '../../i18n/index.ts';
import { useGoal } from '../../store/shown.ts';
import { goTo, select, setOverlay } from '../../store/view-store.ts';
import { useWorld } from '../../store/world-store.ts';
import { plainLine } from '../../text/plain.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Line } from '../../ui/Words.tsx';
import { flyTo } from './flow.ts';
import { agentNode, taskNode } from './model.ts';

const MOST = 50;

interface Found {
  readonly node: string;
  readonly name: string;
}

/** Finds a card by its words and flies there. */
export function SearchDialog() {
  const goal = useGoal();
  const texts = useWorld((world) => world.texts) ?? {};
  const [words, setWords] = useState('');
  const [at, setAt] = useState(0);
  const all: Found[] = goal
    ? [
        ...Object.values(goal.agents).map((agent) => ({ node: agentNode(agent.id), name: plainLine(agent.name, 80) })),
        ...Object.values(goal.tasks)
          .filter((task) => task.kind !== 'reply' && task.status !== 'cancelled')
          .map((task) => ({ node: taskNode(task.id), name: plainLine(texts[task.title.id] ?? '', 160) })),
      ]
    : [];
  const wanted = words.trim().toLowerCase();
  const found = all.filter(({ name }) => name.toLowerCase().includes(wanted)).slice(0, MOST);
  const go = (node: string | undefined) => {
    if (node === undefined) return;
    setOverlay(null);
    goTo('graph');
    select([node]);
    // The canvas may only now be on its way.
    requestAnimationFrame(() => flyTo(node));
  };
  return (
    <Dialog title={t('graph:searchTitle')} onClose={() => setOverlay(null)}>
      <input
        className="input"
        role="combobox"
        aria-expanded
        aria-controls="graph-found"
        aria-activedescendant={found[at] ? `graph-found-${at}` : undefined}
        aria-label={t('graph:searchHint')}
        placeholder={t('graph:searchHint')}
        autoFocus
        value={words}
        onChange={(event) => {
          setWords(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0));
          else if (event.key === 'Enter') go(found[at]?.node);
          else return;
          event.preventDefault();
        }}
      />
      <div id="graph-found" role="listbox" aria-label={t('graph:searchTitle')} className="graph-found">
        {found.map(({ node, name }, index) => (
          // Keys are the field's to handle; the pointer may choose here.
          // biome-ignore lint/a11y/useKeyWithClickEvents: see above
          <div
            key={node}
            id={`graph-found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="menu-item"
            onClick={() => go(node)}
          >
            <Line text={name} />
          </div>
        ))}
        {found.length === 0 && <p className="quiet">{t('graph:searchNone')}</p>}
      </div>
    </Dialog>
  );
}

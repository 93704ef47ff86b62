import { useView } from '../../store/view-store.ts';
import { AssignDialog } from './AssignDialog.tsx';
import { CancelDialog } from './CancelDialog.tsx';
import { HireDialog } from './HireDialog.tsx';
import { LinkDialog } from './LinkDialog.tsx';
import { NewTaskDialog } from './NewTaskDialog.tsx';
import { GateDialog } from './nodes/GateDialog.tsx';
import { GroupDialog } from './nodes/GroupDialog.tsx';
import { SignalDialog } from './nodes/SignalDialog.tsx';
import { SearchDialog } from './SearchDialog.tsx';
import './graph-dialogs.css';

/** Dialogs of the graph; any view may open them. */
export function GraphOverlays() {
  const overlay = useView((view) => view.overlay);
  switch (overlay?.kind) {
    case 'assign':
      return <AssignDialog tasks={overlay.tasks} />;
    case 'link':
      return <LinkDialog task={overlay.task} />;
    case 'cancel-tasks':
      return <CancelDialog tasks={overlay.tasks} />;
    case 'new-task':
      return <NewTaskDialog at={overlay.at ?? null} />;
    case 'new-gate':
      return <GateDialog after={overlay.after} />;
    case 'new-group':
      return <GroupDialog after={overlay.after} />;
    case 'signal':
      return <SignalDialog name={overlay.name} />;
    case 'hire':
      return <HireDialog />;
    case 'search':
      return <SearchDialog />;
    default:
      return null;
  }
}

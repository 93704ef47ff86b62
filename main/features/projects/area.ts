import { type Area, accept, refuse } from '#main/engine/area.ts';
import { faultOf } from '#protocol/model/fault.ts';
import { type ProjectEvent, projectEvent } from '#protocol/model/project/event.ts';
import { emptyProject, evolveProject, type Project } from '#protocol/model/project/state.ts';

/** Everything that can be asked of a project. */
export type ProjectCommand =
  | { readonly type: 'open'; readonly path: string; readonly name: string }
  | {
      readonly type: 'set-commands';
      readonly setup: string | null;
      readonly verify: string | null;
      readonly acceptance: string | null;
      readonly source: string;
    }
  | { readonly type: 'trust'; readonly digest: string; readonly by: string }
  | { readonly type: 'withdraw-trust'; readonly by: string }
  | { readonly type: 'nothing' };

/** Streams `project/<id>`: a repository, its commands, and what of it is trusted. */
export const projectArea: Area<Project, ProjectCommand, ProjectEvent> = {
  kind: 'project',
  shape: 1,
  initial: emptyProject,
  decide(project, command) {
    if (command.type === 'nothing') return accept();
    if (command.type === 'open') {
      return project.path === ''
        ? accept({ type: 'project.opened', path: command.path, name: command.name })
        : accept();
    }
    if (project.path === '') {
      return refuse(
        faultOf('no-such-project', 'The project is not open.', 'AIOS has not looked at it yet.', 'Open it first.'),
      );
    }
    switch (command.type) {
      case 'set-commands': {
        const { type: _, ...commands } = command;
        return accept({ type: 'project.commands-set', ...commands });
      }
      case 'trust':
        return project.trusted.includes(command.digest)
          ? accept()
          : accept({ type: 'project.trusted', digest: command.digest, by: command.by });
      case 'withdraw-trust':
        return accept({ type: 'project.trust-withdrawn', by: command.by });
    }
  },
  evolve: (project, event) => evolveProject(project, event),
  order: () => null,
  decode: (type, data) => projectEvent.parse({ type, ...(data as object) }),
};

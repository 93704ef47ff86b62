import type { ProjectEvent } from './event.ts';

/** A project as it is. */
export interface Project {
  readonly id: string;
  /** Empty before it is opened. */
  readonly path: string;
  readonly name: string;
  readonly setup: string | null;
  readonly verify: string | null;
  readonly acceptance: string | null;
  readonly source: string;
  readonly trusted: readonly string[];
}

/** A project before it is opened. */
export function emptyProject(id: string): Project {
  return { id, path: '', name: '', setup: null, verify: null, acceptance: null, source: '', trusted: [] };
}

/** The next state of a project. Pure and total. */
export function evolveProject(project: Project, event: ProjectEvent): Project {
  switch (event.type) {
    case 'project.opened':
      return { ...project, path: event.path, name: event.name };
    case 'project.commands-set':
      return {
        ...project,
        setup: event.setup,
        verify: event.verify,
        acceptance: event.acceptance,
        source: event.source,
      };
    case 'project.trusted':
      return { ...project, trusted: [...new Set([...project.trusted, event.digest])] };
    case 'project.trust-withdrawn':
      return { ...project, trusted: [] };
  }
}

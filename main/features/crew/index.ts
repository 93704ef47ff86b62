export { confinement, hire, loadCrew } from './load.ts';
export { arbitersFor } from './owners.ts';
export { type CrewFile, crewFile, type RoleFile } from './schema.ts';

export { confinement, hire, loadCrew } from './load.ts';
export { arbitersFor } from './owners.ts';
export { ANY_SERVER, type CrewFile, crewFile, type RoleFile } from './schema.ts';

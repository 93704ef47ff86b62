export { hire, loadCrew } from './load.ts';
export { type CrewFile, crewFile, type RoleFile } from './schema.ts';

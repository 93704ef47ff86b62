export { hire, loadCrew, parseCrew } from './load.ts';
export { type CrewFile, crewFile, type RoleFile } from './schema.ts';

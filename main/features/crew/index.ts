export { hire, loadCrew, parseCrew } from './load.ts';
export type { CrewFile, RoleFile } from './schema.ts';

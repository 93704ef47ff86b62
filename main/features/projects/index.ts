/** Projects: looking at a user's repository, what it wants to run, and what it takes to trust it. */

export { type ProjectCommand, projectArea } from './area.ts';
export { type Brought, readBrought } from './brought.ts';
export { browseFolders } from './browse.ts';
export { detectCommands, type ProjectCommands, parseManifest } from './commands.ts';
export { type InspectOptions, inspectRepository, type RepositoryFacts } from './inspect.ts';
export { locateRepository } from './locate.ts';
export { commitReader, folderReader, type ReadProjectFile } from './reader.ts';
export {
  describeTrust,
  type RepositoryContext,
  readContext,
  type TrustDescription,
  type TrustItem,
  type TrustKind,
} from './trust.ts';

/** Workspaces: the project's hub, agents' clones, merging, accepting, and the commands that set up and verify. */
export { type Accepted, type AcceptRequest, acceptGoal } from './accept.ts';
export { readBranchFile, writeBranchFile } from './branch-file.ts';
export {
  bundledState,
  bundleOf,
  isThere,
  type RestoreRequest,
  restoreWorkspace,
  type WorkspaceBundle,
} from './bundle.ts';
export {
  type CommitInfo,
  changesBetween,
  checkPath,
  commitRange,
  commitsBetween,
  type FileChange,
  forkPoint,
  type LiveState,
  liveState,
  parentOf,
} from './changes.ts';
export { type Committed, commitWorkspace, type WorkspaceCommit } from './commit.ts';
export { conflictMarkersLeft, type PreparedConflict, prepareConflict } from './conflict.ts';
export type { Workspace } from './content.ts';
export { type ChangedPath, changedPaths, type DiffText, diffText, type Range } from './diff.ts';
export { checkDisk, freeBytes } from './disk.ts';
export { type FileDiff, fileDiff, lastTouched } from './file-diff.ts';
export { type GitCall, type GitOutput, git, gitBytes, gitText, type Person } from './git.ts';
export { checkGit } from './git-version.ts';
export { forgetGlances, type Glance, glance } from './glance.ts';
export { ensureHub, type HubState, syncHub, type UserRepository } from './hub.ts';
export { checkRevert, type HunkRevert, hunkOf, revertInWorkspace, revertOnBranch } from './hunk.ts';
export type { Included } from './include.ts';
export { copyIndex } from './index-copy.ts';
export {
  type MergeOutcome,
  type MergeRequest,
  mergeIntoGoal,
  openGoalBranch,
  tipOf,
  type Verification,
} from './merge.ts';
export { type BatchEnd, mergeBatch } from './merge-batch.ts';
export { mergeTrees, type TreeMerge } from './merge-tree.ts';
export { splitNul } from './names.ts';
export { type Published, publishBranch } from './publish.ts';
export { type CommandOutcome, type CommandRequest, runCommand } from './run-command.ts';
export type { Snapshot } from './snapshot.ts';
export { conversionOf, excludesOf, identityOf, readUserConfig, type UserConfig } from './user-config.ts';
export {
  type CreatedWorkspace,
  createWorkspace,
  discardWorkspace,
  removeWorkspace,
  type WorkspaceRequest,
} from './workspace.ts';

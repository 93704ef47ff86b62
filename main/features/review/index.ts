/** Review: looking at work, commenting on it, taking hunks out, and carrying it further. */
export { type AppFolder, type AppParts, type AppRequest, type Apps, createApps } from './apps.ts';
export { authorOf, commentBody, type Line, whyNoAnswer } from './comment.ts';
export { openInEditor, type Spot } from './editor.ts';
export { attemptOf, folderOf, type Look, lookAtWork } from './look.ts';
export { type Offer, offerPullRequest } from './pull-request.ts';
export { performRejects, type RejectParts } from './reject.ts';

export type { LiveRun, LiveRuns } from './live.ts';
export { createSlots, machineCap, type Slots } from './machine.ts';
export { createRunner, type Runner } from './runner.ts';
export type { GoalSetup } from './setup.ts';
export { createRunTokens, type RunTokens } from './tokens.ts';
export { createTranscripts, type TranscriptLine, type Transcripts } from './transcript.ts';

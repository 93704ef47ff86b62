export type { LiveRun, LiveRuns } from './live.ts';
export { createSlots, machineCap, type Slots } from './machine.ts';
export { createRunner, type Runner } from './runner.ts';
export { goalSetup, type GoalSetup } from './setup.ts';
export { createRunTokens, type RunTokens } from './tokens.ts';
export { createTranscripts, type Transcripts, type TranscriptLine } from './transcript.ts';

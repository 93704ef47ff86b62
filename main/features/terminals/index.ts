/** Terminals: the CEO's own shell in a workspace. */
export { createTerminals, type TerminalParts, type Terminals } from './service.ts';

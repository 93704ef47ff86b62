/** Longest goal text, characters. */
export const GOAL_TEXT_LIMIT = 50_000;

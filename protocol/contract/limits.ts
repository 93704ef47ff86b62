/** Longest goal text, characters. */
export const GOAL_TEXT_LIMIT = 50_000;
/** Most images a goal may bring along. */
export const GOAL_IMAGES = 4;
/** Largest image of a goal, bytes: four of them in base64 fit one frame of the connection. */
export const GOAL_IMAGE_BYTES = 700_000;

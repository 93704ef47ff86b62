/** Minutes a set-up or verify command may take. */
export const COMMAND_MINUTES = 10;

/** Free memory below which the radar does not look at workspaces. */
export const RADAR_BYTES = 200 * 1024 * 1024;

/** The version shown to people and scripts. */
export const VERSION = '0.1.0';

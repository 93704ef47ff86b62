/** Links that tests start from. */
export const LINKS = [];

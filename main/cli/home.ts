export { homeOf } from '#main/platform/data-folder.ts';

export { layoutArea } from './area.ts';
export type { LayoutCommand } from './decide.ts';

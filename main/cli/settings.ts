export { upstreamsOf } from '#main/compose/configuration.ts';
export { readSettings, type Settings } from '#main/features/settings/index.ts';

export { upstreamsOf } from '#main/compose/configuration.ts';
export { readSettings, type Settings, settings } from '#main/features/settings/index.ts';

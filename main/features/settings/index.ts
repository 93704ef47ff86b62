export { readSettings, type Settings } from './file.ts';
export { createSettings, type SettingsService } from './service.ts';

export { readSettings, type Settings, settings } from './file.ts';
export { createSettings, type SettingsService } from './service.ts';

import { driverConformance } from './driver.ts';
import { claudeScript, scriptedScript } from './driver-scripts.ts';

driverConformance('scripted', scriptedScript);
driverConformance('claude-code', claudeScript);

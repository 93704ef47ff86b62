import { driverConformance } from './driver.ts';
import { noticeConformance } from './driver-notices.ts';
import { claudeScript, scriptedScript } from './driver-scripts.ts';

driverConformance('scripted', scriptedScript);
driverConformance('claude-code', claudeScript);
noticeConformance('scripted', scriptedScript);
noticeConformance('claude-code', claudeScript);

import type { DemoCrew, DemoModel } from '#main/index.ts';
import { ok, type Result } from '#main/platform/result.ts';
import { type Rehearsal, startRehearsal } from '#main/rehearsal/index.ts';
import type { Fault } from '#protocol/model/fault.ts';
import { createSampleApp } from './sample.ts';
import { acceptanceFor, loadScript } from './stage.ts';

/** Thinking time of the scripted model, milliseconds: long enough to follow what happens. */
const LATENCY = { min: 300, max: 1_200 };

/** The demo crew that comes with AIOS: shipped scripts and the sample app. `node` is the Node that runs their checks. */
export function createDemoCrew(resources: string, node: string = process.execPath): DemoCrew {
  const playing = new Map<string, Promise<Result<{ model: Rehearsal; demo: DemoModel }, Fault>>>();

  async function play(name: string): Promise<Result<{ model: Rehearsal; demo: DemoModel }, Fault>> {
    const script = await loadScript(resources, name);
    if (!script.ok) return script;
    const model = await startRehearsal({ script: script.value, seed: name, latency: LATENCY });
    const { goal, agent = null } = script.value;
    const acceptance = await acceptanceFor(resources, name, node);
    return ok({ model, demo: { baseUrl: model.origin, goal, agent, acceptance } });
  }

  return {
    async open(name) {
      const opening = playing.get(name) ?? play(name);
      playing.set(name, opening);
      const opened = await opening;
      if (opened.ok) return ok(opened.value.demo);
      playing.delete(name);
      return opened;
    },
    createApp: (folder) => createSampleApp(resources, folder),
    async close() {
      const all = [...playing.values()];
      playing.clear();
      for (const opened of await Promise.all(all)) if (opened.ok) await opened.value.model.stop();
    },
  };
}

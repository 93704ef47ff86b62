import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, deferredId, isTerminal, openBench, type ToScript } from './driver-bench.ts';

const NOTICE = 'You have messages. Call read_messages.';
const ASK = { mcp: { tool: 'ask', input: { question: 'Which colour?' } } };

/** What every driver must do with a notice of ours, whenever it comes. */
export function noticeConformance(name: string, toScript: ToScript): void {
  describe(`notices to driver ${name}`, { timeout: 30_000 }, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(name, toScript);
    });
    afterEach(() => bench.close());

    const resumed = () => ({ session: { ...bench.assignment({}).session, resume: true } });

    it('lets a notice of ours reach the model inside the turn', async () => {
      const run = await bench.launch({
        prompt: bench.play([{ shell: ['sleep', '0.3'] }, { model: 'heard' }]),
      });
      await run.until((event) => event.type === 'tool-call');
      run.host.send({ type: 'notify', id: 'n1', text: NOTICE });
      await run.until(isTerminal);
      await bench.model.seen((request) => JSON.stringify(request.messages).includes(NOTICE));
    });

    it('keeps a deferred call when a notice came while the model spoke', async () => {
      const prompt = bench.play([ASK, { model: 'thanks' }]);
      const speak = bench.holdModel();
      const first = await bench.launch({ prompt });
      // A driver that needs no model to get there has deferred it already.
      await Promise.race([bench.model.seen(() => true), first.until(isTerminal)]);
      for (const id of ['n1', 'n2']) first.host.send({ type: 'notify', id, text: NOTICE });
      speak();
      expect(await first.until(isTerminal)).toMatchObject({ type: 'finished', reason: 'deferred' });
      await first.exited;
      bench.play([{ model: 'thanks' }]);
      const resolved = [{ toolUseId: deferredId(first), decision: 'allow' as const }];
      const second = await bench.launch({ ...resumed(), resolved });
      expect(await second.until(isTerminal)).toMatchObject({ type: 'finished', reason: 'completed' });
      expect(bench.tools.calls).toHaveLength(1);
      await bench.model.seen((request) => JSON.stringify(request.messages).includes('ANSWER: blue'));
    });

    it('hears a notice at the start of a run that makes a deferred call again', async () => {
      const first = await bench.launch({ prompt: bench.play([ASK, { model: 'thanks' }]) });
      await first.until(isTerminal);
      await first.exited;
      bench.play([{ shell: ['sleep', '0.3'] }, { model: 'thanks' }]);
      const resolved = [{ toolUseId: deferredId(first), decision: 'allow' as const }];
      const second = await bench.launch({ ...resumed(), resolved });
      await second.until((event) => event.type === 'started');
      second.host.send({ type: 'notify', id: 'n1', text: NOTICE });
      expect(await second.until(isTerminal)).toMatchObject({ type: 'finished', reason: 'completed' });
      expect(bench.tools.calls).toHaveLength(1);
      await bench.model.seen(({ messages }) => JSON.stringify(messages).includes(NOTICE));
      await bench.model.seen(({ messages }) => JSON.stringify(messages).includes('ANSWER: blue'));
    });
  });
}

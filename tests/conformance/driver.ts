import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMarked } from '#main/platform/process-tree.ts';
import { startOwner } from '../doubles/owner-process.ts';
import { type Bench, deferredId, isTerminal, openBench, type TestRun, type ToScript } from './driver-bench.ts';

const ASK = { mcp: { tool: 'ask', input: { question: 'Which colour?' } } };

function types(run: TestRun): string[] {
  return run.events.map((event) => event.type);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function allArguments(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => readQuietly(`/proc/${pid}/cmdline`)).join('\n');
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function gone(run: string, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const left = (await findMarked('AIOS_RUN')).filter((found) => found.value === run);
    if (left.length === 0 || performance.now() > deadline) return left.length === 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Resolves when a process of the run works on this program: a tool call is told before it has begun. */
async function works(run: string, program: string): Promise<void> {
  for (;;) {
    const found = (await findMarked('AIOS_RUN')).filter((process) => process.value === run);
    if (found.some(({ pid }) => readQuietly(`/proc/${pid}/cmdline`).startsWith(program))) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What every driver must do, whatever agent it drives. `toScript` says how to make it perform acts. */
export function driverConformance(name: string, toScript: ToScript): void {
  describe(`driver ${name}`, { timeout: 30_000 }, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench(name, toScript);
    });
    afterEach(() => bench.close());

    const resumed = () => ({ session: { ...bench.assignment({}).session, resume: true } });

    /** Runs until the terminal event and returns the run. */
    async function complete(changes: Parameters<Bench['launch']>[0]): Promise<TestRun> {
      const run = await bench.launch(changes);
      await run.until(isTerminal);
      await run.exited;
      return run;
    }

    it('tells a run in order: started, tool calls, usage, finished', async () => {
      const prompt = bench.play([{ edit: { path: 'a.txt', content: 'one' } }, ASK_FREE, { model: 'all done' }]);
      const run = await complete({ prompt });
      const told = types(run);
      expect(told[0]).toBe('started');
      expect(told.at(-1)).toBe('finished');
      expect(told.filter((type) => type === 'tool-call' || type === 'tool-result')).toEqual([
        'tool-call',
        'tool-result',
        'tool-call',
        'tool-result',
      ]);
      expect(run.events.at(-1)).toMatchObject({ reason: 'completed' });
      expect(readFileSync(join(bench.workspace, 'a.txt'), 'utf8')).toBe('one');
      expect(bench.tools.calls).toEqual([{ name: 'recall', input: {}, authorization: 'Bearer TOOLS-TOKEN' }]);
      const usage = run.events.findLast((event) => event.type === 'usage');
      expect(usage?.type === 'usage' && usage.usage.input).toBeGreaterThan(0);
      expect(usage?.type === 'usage' && usage.usage.output).toBeGreaterThan(0);
    });

    it('resumes the same session after its host was killed, with the work kept', async () => {
      const edit = { edit: { path: 'kept.txt', content: 'kept' } };
      const first = await bench.launch({ prompt: bench.play([edit, { hang: true }]) });
      await first.until((event) => event.type === 'tool-result');
      process.kill(first.host.pid ?? 0, 'SIGKILL');
      expect((await first.exited).signal).toBe('SIGKILL');
      expect(await gone(first.run, 0)).toBe(true);
      bench.answerAll({ blocks: [{ type: 'text', text: 'understood' }] });
      const second = await complete({ ...resumed(), prompt: bench.play([{ model: 'go on' }]) });
      expect(second.events[0]).toMatchObject({ type: 'started', session: bench.assignment({}).session.id });
      expect(second.events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed' });
      expect(readFileSync(join(bench.workspace, 'kept.txt'), 'utf8')).toBe('kept');
    });

    it('says that a session is lost instead of starting another', async () => {
      const run = await complete({ ...resumed(), prompt: bench.play([{ model: 'go on' }]) });
      expect(run.events.at(-1)).toMatchObject({ type: 'failed', kind: 'session-lost' });
    });

    it('ends interrupted and stays resumable', async () => {
      const first = await bench.launch({ prompt: bench.play([{ hang: true }]) });
      await bench.model.seen(() => true);
      first.host.send({ type: 'interrupt' });
      expect(await first.until(isTerminal)).toMatchObject({ type: 'finished', reason: 'interrupted' });
      await first.exited;
      bench.answerAll({ blocks: [{ type: 'text', text: 'understood' }] });
      const second = await complete({ ...resumed(), prompt: bench.play([{ model: 'again' }]) });
      expect(second.events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed' });
    });

    it('defers an AIOS tool, and performs it exactly once when it is allowed', async () => {
      const first = await complete({ prompt: bench.play([ASK, { model: 'thanks' }]) });
      expect(first.events.at(-1)).toMatchObject({ type: 'finished', reason: 'deferred' });
      expect(first.events.find((event) => event.type === 'deferred')).toMatchObject({
        call: { kind: 'await', tool: 'ask', input: JSON.stringify(ASK.mcp.input) },
      });
      expect(bench.tools.calls).toEqual([]);
      bench.play([{ model: 'thanks' }]);
      const resolved = [{ toolUseId: deferredId(first), decision: 'allow' as const }];
      const second = await complete({ ...resumed(), resolved });
      expect(second.events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed' });
      expect(second.events[0]).toMatchObject({ type: 'started' });
      expect(bench.tools.calls).toHaveLength(1);
      await bench.model.seen((request) => JSON.stringify(request.messages).includes('ANSWER: blue'));
    });

    it('asks for a command that is not declared, and runs it once when the CEO allows it', async () => {
      writeFileSync(join(bench.workspace, 'count.sh'), 'echo x >> count.txt\n');
      const first = await complete({ prompt: bench.play([{ shell: ['sh', 'count.sh'] }, { model: 'ran' }]) });
      expect(first.events.find((event) => event.type === 'deferred')).toMatchObject({
        call: { kind: 'permission', title: 'sh count.sh' },
      });
      expect(existsSync(join(bench.workspace, 'count.txt'))).toBe(false);
      bench.play([{ model: 'ran' }]);
      const resolved = [{ toolUseId: deferredId(first), decision: 'allow' as const }];
      await complete({ ...resumed(), resolved });
      expect(readFileSync(join(bench.workspace, 'count.txt'), 'utf8')).toBe('x\n');
    });

    it('tells the model when the CEO declines', async () => {
      const first = await complete({ prompt: bench.play([{ shell: ['sh', 'count.sh'] }, { model: 'oh' }]) });
      bench.play([{ model: 'oh' }]);
      const resolved = [{ toolUseId: deferredId(first), decision: 'deny' as const, reason: 'Not on a Friday.' }];
      const second = await complete({ ...resumed(), resolved });
      expect(second.events.find((event) => event.type === 'denied')).toMatchObject({
        reason: 'Not on a Friday.',
      });
      await bench.model.seen((request) => JSON.stringify(request.messages).includes('Not on a Friday.'));
      expect(existsSync(join(bench.workspace, 'count.txt'))).toBe(false);
    });

    it('denies what the policy forbids, with the reason, and goes on', async () => {
      const acts = [
        { edit: { path: 'secrets/key', content: 'x' } },
        { edit: { path: '../outside.txt', content: 'x' } },
        { edit: { path: '.git/hooks/pre-commit', content: 'x' } },
        { mcp: { tool: 'delegate_task', input: {} } },
        { model: 'fine' },
      ];
      const run = await complete({ prompt: bench.play(acts), policy: policyWithout('recall') });
      expect(run.events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed' });
      expect(run.events.filter((event) => event.type === 'denied').length).toBeGreaterThanOrEqual(3);
      const failed = run.events.filter((event) => event.type === 'tool-result' && !event.ok);
      expect(failed).toHaveLength(4);
      expect(filesBelow(bench.workspace)).toEqual([]);
      expect(existsSync(join(bench.workspace, '../outside.txt'))).toBe(false);
    });

    it.each([
      [{ status: 402, message: 'not covered' }, 'budget'],
      [{ status: 401, message: 'who are you' }, 'login'],
      [{ status: 500, message: 'oops' }, 'upstream'],
      [{ cut: true }, 'upstream'],
    ] as const)('maps the model endpoint answering %o to %s', async (reply, kind) => {
      bench.answerAll(reply);
      const run = await complete({ prompt: bench.play([{ model: 'hello' }]) });
      expect(run.events.at(-1)).toMatchObject({ type: 'failed', kind });
    });

    it('keeps tokens out of every argument list and every stored transcript', async () => {
      const run = await bench.launch({ prompt: bench.play([ASK_FREE, { hang: true }]) });
      await run.until((event) => event.type === 'tool-result');
      const seen = allArguments();
      expect(seen).toContain('agent-host');
      expect(seen).not.toContain('TOOLS-TOKEN');
      expect(seen).not.toContain('GATEWAY-TOKEN');
      await run.host.kill();
      const stored = filesBelow(bench.assignment({}).home).map(readQuietly).join('\n');
      expect(stored).not.toContain('TOOLS-TOKEN');
      expect(stored).not.toContain('GATEWAY-TOKEN');
    });

    it('dies with its owner, and takes along what it started', async () => {
      const given = bench.assignment({ prompt: bench.play([{ shell: ['setsid', '-w', 'sleep', '600'] }]) });
      const owner = await startOwner(given, join(bench.root, 'data'));
      await owner.said('tool-call');
      await works(given.run, 'sleep');
      owner.kill();
      expect(await gone(given.run, 5000)).toBe(true);
    });

    it('ends everything within five seconds of kill', async () => {
      const run = await bench.launch({ prompt: bench.play([{ shell: ['setsid', '-w', 'sleep', '600'] }]) });
      await works(run.run, 'sleep');
      const before = performance.now();
      await run.host.kill();
      expect(performance.now() - before).toBeLessThan(5000);
      expect(await gone(run.run, 0)).toBe(true);
    });

    it.runIf(existsSync('/usr/bin/bwrap'))('contains a run: no writing outside, no reading of the home', async () => {
      const home = join(bench.root, 'user-home');
      mkdirSync(home);
      writeFileSync(join(home, 'private.txt'), 'CANARY');
      const outside = join(bench.root, 'outside.txt');
      const own = process.env.HOME;
      process.env.HOME = home;
      const acts = [
        { shell: ['touch', 'inside.txt'] },
        { shell: ['touch', '/usr/outside.txt'] },
        { shell: ['touch', outside] },
        { shell: ['cat', join(home, 'private.txt')] },
        { model: 'tried' },
      ];
      const run = await bench.launch({
        prompt: bench.play(acts),
        sandbox: { kind: 'bubblewrap', readable: [] },
      });
      if (own === undefined) delete process.env.HOME;
      else process.env.HOME = own;
      expect(await run.until(isTerminal)).toMatchObject({ type: 'finished', reason: 'completed' });
      expect(existsSync(join(bench.workspace, 'inside.txt'))).toBe(true);
      expect(existsSync('/usr/outside.txt')).toBe(false);
      expect(existsSync(outside)).toBe(false);
      expect(JSON.stringify(run.events)).not.toContain('CANARY');
    });

    function policyWithout(tool: string) {
      const { policy } = bench.assignment({});
      return { ...policy, aiosTools: policy.aiosTools.filter((name) => name !== tool) };
    }
  });
}

const ASK_FREE = { mcp: { tool: 'recall', input: {} } };

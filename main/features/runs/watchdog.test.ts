import { describe, expect, it } from 'vitest';
import { manualClock } from '#main/engine/test-kit.ts';
import { LOOK_MS, SILENT_LOOKS, watchSilence } from './watchdog.ts';

function rig() {
  const clock = manualClock();
  let hung = 0;
  const dog = watchSilence(clock.after, () => {
    hung += 1;
  });
  const looks = (count: number) => {
    for (let look = 0; look < count; look += 1) clock.advance(LOOK_MS);
  };
  return { clock, dog, looks, hung: () => hung };
}

describe('watchdog', () => {
  it('notices a host that has been silent for ten seconds, once', () => {
    const { dog, looks, hung } = rig();
    dog.heard();
    looks(SILENT_LOOKS);
    expect(hung()).toBe(0);
    looks(20);
    expect(hung()).toBe(1);
  });

  it('is content with a sign now and then, and gives a starting host longer', () => {
    const { dog, looks, hung } = rig();
    looks(10);
    for (let beat = 0; beat < 50; beat += 1) {
      dog.heard();
      looks(SILENT_LOOKS - 1);
    }
    expect(hung()).toBe(0);
  });

  it('accuses nobody of a clock that jumped or a laptop that slept', () => {
    const { dog, clock, hung } = rig();
    dog.heard();
    clock.advance(3_600_000);
    expect(hung()).toBe(0);
  });

  it('is silent once stopped', () => {
    const { dog, looks, hung, clock } = rig();
    dog.stop();
    looks(50);
    expect(hung()).toBe(0);
    expect(clock.pending()).toBe(0);
  });
});

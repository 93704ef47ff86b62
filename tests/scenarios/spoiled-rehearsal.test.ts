import { describe, expect, test } from 'vitest';
import { complaintsOn, playSpoiled, WORKERS } from '../rehearsals/spoiled.ts';

/** A few of the matrix; all of it: `npm run test:rehearsals -- spoiled`. */
describe('a role that goes wrong for good', () => {
  test.each([
    { kind: 'wrong-code', state: 'stuck', cause: 'its work kept failing the check' },
    { kind: 'dropped-turn', state: 'stuck', cause: 'ended without completing its task' },
    { kind: 'false-done', state: 'waits for the CEO', cause: 'unverified' },
    { kind: 'endless-talk', state: 'waits for the CEO', cause: 'budget' },
  ] as const)(
    '$kind: the solo goal ends in a named state with its cause, never done',
    async ({ kind, state, cause }) => {
      const played = await playSpoiled({ script: 'solo', kind, roles: ['backend'] });
      expect(complaintsOn(played), played.sketch).toEqual([]);
      expect(played.ending).toEqual({ state, causes: [cause], owner: 'ceo' });
      // The app itself does not do what the goal asks, and nothing came to it.
      expect(played.acceptance).toBe('fails');
    },
  );

  test('a whole crew of sham work passes its tests and is stopped by the check of the whole', async () => {
    const played = await playSpoiled({ script: 'crew', kind: 'sham-work', roles: WORKERS });
    expect(complaintsOn(played), played.sketch).toEqual([]);
    expect(played.ending).toEqual({ state: 'stuck', causes: ['stuck of the whole'], owner: 'ceo' });
    expect(played.acceptance).toBe('fails');
  });
});

import { beforeAll, describe, expect, it, vi } from 'vitest';

// The view store persists itself; a window's storage is all it needs of one.
beforeAll(() => void vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => undefined }));

describe('the address of a place', async () => {
  const { parseRoute, routeHash } = await import('./route.ts');

  it('comes back as it was written', () => {
    const route = { view: 'graph', goal: 'goal_1', node: 'link:task_1>task_2' } as const;
    expect(parseRoute(routeHash(route))).toEqual(route);
    expect(parseRoute(routeHash({ view: 'inbox', goal: null, node: null }))).toEqual({
      view: 'inbox',
      goal: null,
      node: null,
    });
  });

  it('ignores what it does not understand', () => {
    expect(parseRoute('')).toBeNull();
    expect(parseRoute('#/nowhere/goal_1')).toBeNull();
    expect(parseRoute('#/graph/%E0%A4%A/x')).toEqual({ view: 'graph', goal: null, node: 'x' });
    expect(parseRoute('#/graph/<script>/javascript%3Aalert(1)')).toEqual({ view: 'graph', goal: null, node: null });
  });
});

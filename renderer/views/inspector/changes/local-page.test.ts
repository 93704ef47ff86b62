import { expect, it } from 'vitest';
import { isLocalPage } from './local-page.ts';

it('opens pages of this machine and nothing else', () => {
  for (const good of ['http://127.0.0.1:8080/', 'https://localhost/x', 'http://localhost:3000'])
    expect(isLocalPage(good), good).toBe(true);
  for (const bad of [
    'http://127.0.0.1.evil.example/',
    'http://evil.example/127.0.0.1',
    'http://localhost@evil.example/',
    'http://localhost:pw@127.0.0.1/',
    'javascript:alert(1)//127.0.0.1',
    'file://localhost/etc/passwd',
    'no address',
    '',
  ])
    expect(isLocalPage(bad), bad).toBe(false);
});

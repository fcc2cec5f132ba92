import { jest } from '@jest/globals';
import { throwaway } from '../../lab/throwaway.ts';

const attempt = (): ReturnType<typeof throwaway> => throwaway({ dir: '/tmp/rollcall-nowhere/lab', names: ['n1'], persona: 'centos6' }, true);

afterEach(() => jest.restoreAllMocks());

test('without root it says what is missing', async () => {
  jest.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(await attempt()).toBe('a lab needs root, to make network namespaces and overlay mounts: run it with sudo');
});

test('on another system it says that it cannot be', async () => {
  const platform = Object.getOwnPropertyDescriptor(process, 'platform');
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  try {
    expect(await attempt()).toBe('a lab is made of Linux namespaces: it cannot run on darwin');
  } finally {
    if (platform) Object.defineProperty(process, 'platform', platform);
  }
});

test('a folder that no lab can be kept in is named, and no other network is tried', async () => {
  expect(await throwaway({ dir: '/tmp/a b', names: ['n1'], persona: 'centos6' }, true)).toMatch(/^a lab cannot be kept in \/tmp\/a b/);
});

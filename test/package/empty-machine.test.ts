/** What can be tested of the empty machine without root: why it is not made. */
import { expect, it } from 'vitest';

interface Machine {
  readonly platform: string;
  readonly uid: number | undefined;
  readonly has: (program: string) => boolean;
}

// The scripts have no types: they run without a build.
const needs = new URL('../../scripts/empty-machine/needs.js', import.meta.url);
const { missingFor } = (await import(needs.href)) as {
  readonly missingFor: (machine: Machine) => string | undefined;
};

const good: Machine = { platform: 'linux', uid: 0, has: () => true };

it.each([
  ['another system', { platform: 'darwin' }, 'on Linux'],
  ['another user than root', { uid: 1000 }, 'needs root'],
  ['no packages of Debian', { has: (program: string) => program !== 'apt-get' }, 'needs apt-get'],
])('reports why it cannot be made: %s', (_, difference, reason) => {
  expect(missingFor({ ...good, ...difference })).toContain(reason);
});

it('reports nothing where it can be made', () => {
  expect(missingFor(good)).toBeUndefined();
});

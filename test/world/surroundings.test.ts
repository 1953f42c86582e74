/** The real clock and the real environment. */
import { hostname } from 'node:os';
import { isAbsolute } from 'node:path';
import { expect, it } from 'vitest';
import { realClock } from '../../src/world/real/clock.js';
import { realEnvironment } from '../../src/world/real/environment.js';
import { realNewId } from '../../src/world/real/new-id.js';

it('sleeps, and ends early without an error when told', async () => {
  const started = realClock.now();
  await realClock.sleep(30);
  expect(realClock.now() - started).toBeGreaterThanOrEqual(25);
  const abort = new AbortController();
  const sleeping = realClock.sleep(60_000, abort.signal);
  abort.abort();
  await sleeping;
  await realClock.sleep(60_000, abort.signal);
  expect(realClock.now() - started).toBeLessThan(10_000);
});

it('draws ids that are part of a tag and a label, and none twice', () => {
  const drawn = Array.from({ length: 1_000 }, realNewId);
  expect(drawn.filter((id) => !/^[0-9a-z]{12}$/.test(id))).toEqual([]);
  expect(new Set(drawn).size).toBe(drawn.length);
});

it('keeps its data where the system keeps data, or where KARMADA_EKS_HOME says', () => {
  const usual = realEnvironment({}, '/somewhere').dataDir;
  expect(isAbsolute(usual) && usual.includes('karmada-eks')).toBe(true);
  expect(realEnvironment({ KARMADA_EKS_HOME: '/data' }, '/somewhere').dataDir).toBe('/data');
  expect(realEnvironment({ KARMADA_EKS_HOME: 'here' }, '/somewhere').dataDir).toBe('/somewhere/here');
  expect(realEnvironment({ KARMADA_EKS_HOME: '' }, '/somewhere').dataDir).toBe(usual);
});

it('names who runs: user, host and process', () => {
  expect(realEnvironment({}).owner).toMatch(/^.+@.+ \(\d+\)$/);
  expect(realEnvironment({}).owner).toContain(`@${hostname()} (${process.pid})`);
});

it('takes a copy of the variables', () => {
  const { vars } = realEnvironment();
  expect(vars['PATH']).toBe(process.env['PATH']);
  expect(vars).not.toBe(process.env);
});

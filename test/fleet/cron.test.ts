/** Which times a CronJob takes, and when they come. */
import { expect, it } from 'vitest';
import { cronText, timesAfter } from '../../src/fleet/settings/cron.js';
import { scheduleRefusal } from '../../src/rehearsal/kube/api-server/cron-schedule.js';

const saturday = Date.UTC(2026, 10, 28, 12);

it.each([
  ['0 3 * * *', '2026-11-29T03:00'],
  ['  */20 * * * * ', '2026-11-28T12:20'],
  ['@weekly', '2026-11-29T00:00'],
  ['0 3 * * SUN', '2026-11-29T03:00'],
  ['0 3 * * Mon-FRI', '2026-11-30T03:00'],
  ['0 3 * * sun-tue/2,6', '2026-11-29T03:00'],
  ['30 2 1 jan *', '2027-01-01T02:30'],
  // Either day will do (Kubernetes, CronJob; as in Vixie cron).
  ['0 3 13 * 1', '2026-11-30T03:00'],
])('%s comes next at %s', (text, next) => {
  const [found = 0] = timesAfter(cronText(text, '--schedule'), saturday, 1);
  expect(new Date(found).toISOString().slice(0, 16)).toBe(next);
  expect(scheduleRefusal(text.trim())).toBeUndefined();
});

it.each([
  '',
  'daily',
  '@every 1h',
  '0 3 * *',
  '0 0 3 * * *',
  '60 3 * * *',
  '0 3 * * 7',
  '0 3 L * *',
  '0 3 15W * *',
  '0 3 ? * *',
  '0 3 * * 1#1',
  '5-1 3 * * *',
  '0 3 * * fri-sun',
  '0 3 * * sat-sun,wed',
  '0 3 * nov-feb *',
  '*/0 * * * *',
  '0 0 31 2 *',
])('refuses "%s", as Kubernetes does, or because it never comes', (text) => {
  expect(() => cronText(text, '--schedule')).toThrow(expect.objectContaining({ code: 'invalid-value' }));
});

it('is refused in the rehearsal with the words of Kubernetes', () => {
  expect(scheduleRefusal('0 3 * * fri-sun')).toBe('beginning of range (5) beyond end of range (0): fri-sun');
  expect(scheduleRefusal('0 3 * * 7')).toBe('end of range (7) above maximum (6): 7');
});
